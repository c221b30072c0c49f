/**
 * Whether a saved mail is one text under one subject, and nothing else: no other part, nothing around the parts, and nothing that mail
 * programs show in different ways. It finds what `postal-mime` leaves out in silence. Null: it is one text; else why not.
 */
export function notOneText(mail: string): string | null {
  const control = CONTROL.exec(mail);
  if (control !== null) return 'control characters, which programs show differently';
  return entityProblem(mail, 0);
}

/** A bare carriage return ends a line in some programs but not in others. */
const CONTROL = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/;

/** Every program reads these alike. */
const CHARSETS = new Set(['utf-8', 'us-ascii', 'iso-8859-1', 'windows-1252']);
/** A mail has one of each. If it has two, it differs from program to program which of them counts. */
const SINGLE = [
  'subject',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'mime-version',
];
const AS_IT_IS = new Set(['', '7bit', '8bit', 'binary']);
const DEEPEST = 4;

/** `depth` 0: the mail; else a part of it. */
function entityProblem(entity: string, depth: number): string | null {
  const lines = entity.split(/\r?\n/);
  const end = lines.indexOf('');
  const [head, body] = end < 0 ? [lines, []] : [lines.slice(0, end), lines.slice(end + 1)];
  const headers = headersOf(head);
  if (headers === null) return 'a line among its headers that is not a header';
  const twice = SINGLE.find((name) => (headers.get(name)?.length ?? 0) > 1);
  if (twice !== undefined) return `more than one header "${twice}"`;
  if (headers.has('subject') !== (depth === 0))
    return depth === 0 ? 'no header "subject"' : 'a second subject, in a part of it';
  const [type = ''] = headers.get('content-type') ?? [];
  const content = contentTypeOf(type === '' ? 'text/plain' : type);
  if (content === null) return 'a content type that programs read in different ways';
  const encoding = headers.get('content-transfer-encoding')?.[0]?.toLowerCase() ?? '';
  if (!['', 'inline'].includes(headers.get('content-disposition')?.[0]?.toLowerCase() ?? ''))
    return 'text as an attachment';
  return content.type === 'text/plain'
    ? textProblem(content.parameters, encoding, body)
    : partsProblem(content, encoding, body, depth);
}

function headersOf(lines: readonly string[]): Map<string, string[]> | null {
  const headers = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of lines) {
    if (/^[ \t]/.test(line)) {
      const value = last?.pop();
      if (last === undefined || value === undefined) return null;
      last.push(`${value} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!/^[!-9;-~]+$/.test(name)) return null;
    last = headers.get(name) ?? [];
    last.push(line.slice(colon + 1).trim());
    headers.set(name, last);
  }
  return headers;
}

interface ContentType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function contentTypeOf(value: string): ContentType | null {
  const [type = '', ...rest] = value.split(';').map((each) => each.trim());
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    if (parameter === '') continue;
    const [, name = '', quoted, bare = ''] =
      /^([\w-]+)=(?:"([^"\\]*)"|([^\s"()<>@,:\\/[\]?=]+))$/.exec(parameter) ?? [];
    const key = name.toLowerCase();
    if (key === '' || parameters.has(key)) return null;
    parameters.set(key, quoted ?? bare);
  }
  return { type: type.toLowerCase(), parameters };
}

function textProblem(
  parameters: ContentType['parameters'],
  encoding: string,
  body: readonly string[],
): string | null {
  for (const [name, value] of parameters) {
    const isKnown =
      (name === 'charset' && CHARSETS.has(value.toLowerCase())) ||
      (name === 'format' && value.toLowerCase() === 'fixed');
    if (!isKnown) return 'a text in a form that programs read in different ways';
  }
  if (AS_IT_IS.has(encoding)) return null;
  const isWell =
    encoding === 'base64'
      ? isBase64(body.join(''))
      : encoding === 'quoted-printable' && body.every(isQuotedPrintable);
  return isWell ? null : 'a text that is not encoded as its header says';
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function isQuotedPrintable(line: string): boolean {
  return /^[\t -~]*$/.test(line) && !/=(?![0-9A-Fa-f]{2}|$)/.test(line);
}

function partsProblem(
  { type, parameters }: ContentType,
  encoding: string,
  body: readonly string[],
  depth: number,
): string | null {
  if (!['multipart/mixed', 'multipart/alternative', 'multipart/related'].includes(type))
    return `a part that is not plain text`;
  const boundary = parameters.get('boundary') ?? '';
  if (boundary === '' || !AS_IT_IS.has(encoding) || depth === DEEPEST)
    return 'parts that programs tell apart in different ways';
  const marks = body.flatMap((line, at) => (line.startsWith(`--${boundary}`) ? [at] : []));
  const [first = 0, last = 0, ...more] = marks;
  if (more.length > 0) return 'more than one part';
  if (body[first]?.trimEnd() !== `--${boundary}` || body[last]?.trimEnd() !== `--${boundary}--`)
    return 'a part that does not end';
  if ([...body.slice(0, first), ...body.slice(last + 1)].some((line) => line.trim() !== ''))
    return 'text around its parts, which some programs show';
  return entityProblem(body.slice(first + 1, last).join('\n'), depth + 1);
}
