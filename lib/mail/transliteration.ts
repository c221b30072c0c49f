/**
 * Letters that Unicode does not take apart into a Latin letter and an accent. By sound, never by likeness: the Cyrillic `Р`
 * becomes `R`, so that no name can pass for another by its looks.
 */
const LATIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  œ: 'oe',
  ı: 'i',
};

const GREEK = spelled(
  'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o',
);

const CYRILLIC = spelled(
  'а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ' +
    'ъ - ы y ь - э e ю iu я ia є ie і i ї i ґ g љ lj њ nj ћ c ђ dj џ dz ј j ў u',
);

const PUNCTUATION: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '−': '-',
};

const SMALL = new Map([...Object.entries(LATIN), ...GREEK, ...CYRILLIC]);

/** Ukrainian, Serbian and Belarusian letters included; what has no entry is left as it is. */
export function transliterate(text: string): string {
  return Array.from(text, (character) => {
    const small = character.toLowerCase();
    const spelling = PUNCTUATION[character] ?? SMALL.get(character) ?? SMALL.get(small);
    if (spelling === undefined || character === small) return spelling ?? character;
    return spelling.charAt(0).toUpperCase() + spelling.slice(1);
  }).join('');
}

/** `а a ь -`: pairs; `-` stands for nothing. */
function spelled(pairs: string): readonly (readonly [string, string])[] {
  const words = pairs.split(' ');
  return words.flatMap((letter, index) => {
    const spelling = words[index + 1];
    return index % 2 === 0 && spelling !== undefined
      ? [[letter, spelling === '-' ? '' : spelling] as const]
      : [];
  });
}
