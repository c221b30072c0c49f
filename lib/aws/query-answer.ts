/** The content of an XML element: text, a list, or members by their names. */
export type QueryValue = string | readonly QueryValue[] | { readonly [name: string]: QueryValue };

interface Element {
  readonly name: string;
  readonly inside: Element[];
  text: string;
}

/** Matches a tag (a slash before its name or at its end is captured), a declaration, or text. */
const TOKEN = /<(\/?)([\w:.-]+)[^<>]*?(\/?)>|<[?!][^<>]*>|[^<]+/g;
/** The names of elements that are items of a list. */
const OF_LISTS = new Set(['member', 'entry']);

/**
 * Reads the XML of AWS's query services: elements and text; attributes carry no meaning. Malformed XML is read as far as possible: an HTML
 * page of a host between us and AWS only has to be told from an answer.
 */
export function readQueryAnswer(xml: string): QueryValue {
  const root: Element = { name: '', inside: [], text: '' };
  const open = [root];
  for (const [token, closing, name, empty] of xml.matchAll(TOKEN)) {
    const innermost = open.at(-1) ?? root;
    if (name === undefined) {
      if (!token.startsWith('<')) innermost.text += token;
    } else if (closing !== '') {
      if (open.length > 1) open.pop();
    } else {
      const element = { name, inside: [], text: '' };
      innermost.inside.push(element);
      if (empty === '') open.push(element);
    }
  }
  return valueOf(root);
}

function valueOf({ inside, text }: Element): QueryValue {
  if (inside.length === 0) return decoded(text);
  if (inside.every(({ name }) => OF_LISTS.has(name))) return inside.map(valueOf);
  return Object.fromEntries(inside.map((element) => [element.name, valueOf(element)]));
}

const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', amp: '&' },
  ...{ quot: '"', apos: "'" },
};

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|(lt|gt|amp|quot|apos));/gi,
    (all, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return CHARACTERS[name] ?? all;
      return String.fromCodePoint(
        decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal),
      );
    },
  );
}
