import { describe, expect, it } from 'vitest';
import {
  allQuoted,
  cleanText,
  isPlain,
  jsonText,
  quoted,
  visible,
} from '../../lib/domain/outside-text.ts';

/** What a terminal obeys, what turns the direction of writing, and what nobody sees. */
const UNSEEN = [
  ...['\u0000', '\u001b', '\u007f', '\u0085', '\u009b', '\u009d'],
  ...[
    '\u00ad',
    '\u061c',
    '\u115f',
    '\u200b',
    '\u200f',
    '\u2028',
    '\u202e',
    '\u2066',
    '\u2800',
    '\u3164',
    '\ufeff',
  ],
  ...['\ufff9', '\u{e0041}', '\u{1d173}', '\ud800'],
];

describe.each(UNSEEN.map((character) => [character.codePointAt(0)?.toString(16) ?? '', character]))(
  'U+%s from outside',
  (_, character) => {
    const text = `a${character}b`;

    it('is spelled out where it is quoted, and means the same', () => {
      for (const shown of [
        quoted(text),
        jsonText({ [text]: text }),
        allQuoted([text]),
        visible(text),
      ])
        expect(shown).toMatch(/^[ -~]*$/);
      expect(JSON.parse(quoted(text))).toBe(text);
      expect(JSON.parse(jsonText({ [text]: [text] }, 2))).toEqual({ [text]: [text] });
    });

    it('is not in a name', () => {
      expect(cleanText(text)).toMatch(/^a[ \ufffd]?b$/);
      expect(isPlain(text, 10)).toBe(false);
    });
  },
);

it('shows what can be seen as it is', () => {
  expect(quoted('Größe 東京 😀 é')).toBe('"Größe 東京 😀 é"');
  expect(quoted(undefined)).toBe('nothing');
  expect(quoted([1, 'a', null])).toBe('[1,"a",null]');
  expect(visible('a\nb')).toBe('a\nb');
  expect(jsonText({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
});

it('bounds what it quotes, and the accents on it', () => {
  expect(quoted('x'.repeat(1_000_000))).toHaveLength(200);
  expect(quoted({ a: 'x'.repeat(1_000_000) }, 80)).toHaveLength(80);
  expect(quoted(`e${'\u0301'.repeat(500)}`).length).toBeLessThan(10);
});

describe('a name', () => {
  it.each(['Example Corp', 'Müller', 'Mu\u0308ller', '東京', 'A', '7', 'O’Neill & Söhne (DE)'])(
    'may be %s',
    (name) => {
      expect(isPlain(name, 64)).toBe(true);
    },
  );

  it.each([
    ['empty', ''],
    ['blank', ' '],
    ['of hard blanks', '\u00a0\u00a0'],
    ['of fillers', '\u3164\u3164'],
    ['of Braille blanks', '\u2800'],
    ['of marks alone', '\u0301\u0302'],
    ['of signs alone', '***'],
    ['with a stack of accents', `a${'\u0301'.repeat(5)}`],
    ['with blanks around it', ' a'],
    ['too long', 'a'.repeat(65)],
  ])('is not %s', (_, name) => {
    expect(isPlain(name, 64)).toBe(false);
  });
});
