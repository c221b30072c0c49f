/** Mail programs wrap by themselves what is longer, mostly where it hurts. */
const WIDTH = 76;

/** Where the values of a table of facts begin. */
const VALUE_COLUMN = 20;

/** Indent of what does not fit beside its label. */
const OWN_LINE = 4;

/** Text as lines of at most 76 characters; a word that is longer has a line of its own. */
export function paragraph(text: string, first = '', following = ''): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = following;
      isEmpty = true;
    }
    line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((each) => each.trimEnd());
}

export function listItem(text: string): readonly string[] {
  return paragraph(text, '- ', '  ');
}

/** `Product   Design Suite`: label and value, the value wrapped under itself. */
export function labelled(label: string, value: string): readonly string[] {
  const start = `  ${label}`.padEnd(VALUE_COLUMN);
  const longest = Math.max(...value.split(' ').map(({ length }) => length));
  if (VALUE_COLUMN + longest <= WIDTH && start.endsWith(' '))
    return paragraph(value, start, ' '.repeat(VALUE_COLUMN));
  const indent = ' '.repeat(OWN_LINE);
  return [...paragraph(label, '  ', '  '), ...paragraph(value, indent, indent)];
}

/** A heading with what stands under it, set off by an empty line; nothing where there is nothing. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}
