/** Text from outside as one line without control, format or line-breaking characters, cut to `maxLength` (rule 15). */
export function oneLine(text: string, maxLength: number): string {
  // Cut first as well: a megabyte from a hostile account is not worth a regular expression.
  const line = text
    .slice(0, maxLength * 4)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 3)}...` : line;
}

/** A value got from outside, as an error message quotes it. */
export function quoted(value: unknown): string {
  return value === undefined ? 'nothing' : oneLine(JSON.stringify(value), 200);
}
