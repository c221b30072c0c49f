import type { HttpAnswer } from './connections.ts';
import type { Service } from './endpoints.ts';

export type Members = Readonly<Record<string, unknown>>;

export interface ErrorAnswer {
  readonly name: string | undefined;
  readonly message: string | undefined;
  readonly members?: Members;
}

interface Protocol {
  readonly requestOf: (
    operation: string,
    input: object,
  ) => { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly membersOf: (operation: string, text: string) => Members;
  readonly errorOf: (answer: HttpAnswer) => ErrorAnswer;
}

/** How each service is spoken to. */
export const PROTOCOLS: Readonly<Record<Service, Protocol>> = {
  'aws-marketplace': json('1.0', 'AWSMPCommerceService_v20200301'),
  // A number of DynamoDB is a text already.
  dynamodb: json('1.0', 'DynamoDB_20120810', (text) => text),
  'license-manager': json('1.1', 'AWSLicenseManager'),
  events: json('1.1', 'AWSEvents'),
  sqs: json('1.0', 'AmazonSQS'),
  sns: query('2010-03-31'),
  sts: query('2011-06-15'),
};

/** The operations of ours whose answer has no members, so that it may be empty. */
const WITHOUT_OUTPUT = new Set(['ChangeMessageVisibility', 'CheckInLicense']);

function json(version: string, prefix: string, exact = exactLongs): Protocol {
  return {
    requestOf: (operation, input) => ({
      headers: {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${prefix}.${operation}`,
      },
      body: JSON.stringify(input),
    }),
    membersOf: (operation, text) => {
      if (text === '' && WITHOUT_OUTPUT.has(operation)) return {};
      const answer: unknown = text === '' ? text : JSON.parse(exact(text));
      // Read on, it would say that there is nothing: no item, no buyer, no agreement.
      if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
        throw new Error(
          `what came back of ${operation} is no JSON object: expected an answer of AWS`,
        );
      return recordOf(answer);
    },
    errorOf: ({ headers, text }) => {
      const members = readable(text);
      const { __type, code, message, Message } = members;
      return {
        members,
        name: nameIn(textOf(headers['x-amzn-errortype']) ?? textOf(code) ?? textOf(__type)),
        message: textOf(message) ?? textOf(Message),
      };
    },
  };
}

function query(version: string): Protocol {
  return {
    requestOf: (operation, input) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Action: operation, Version: version, ...input }).toString(),
    }),
    membersOf: (operation, text) => {
      const response = recordOf(recordOf(readQueryAnswer(text))[`${operation}Response`]);
      const result = response[`${operation}Result`];
      // A page of a host between us and AWS would read as an empty list.
      if (result === undefined)
        throw new Error(`what came back has no ${operation}Result: expected an answer of AWS`);
      return recordOf(result);
    },
    errorOf: ({ text }) => {
      const { Code, Message } = recordOf(
        recordOf(recordOf(readQueryAnswer(text))['ErrorResponse'])['Error'],
      );
      return { name: nameIn(textOf(Code)), message: textOf(Message) };
    },
  };
}

/** `com.amazonaws.events#AccessDeniedException:http://internal`: the name stands between namespace and reference. */
function nameIn(type: string | undefined): string | undefined {
  const name = type?.split(/[,:]/, 1)[0]?.split('#').at(-1);
  return name === '' ? undefined : name;
}

/** A host between us and AWS may answer with a page. */
function readable(text: string): Members {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Matches a JSON string, or a whole number with more digits than a JavaScript number keeps. */
const TEXT_OR_LONG = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/gs;

/**
 * Returns an answer with its long numbers as text. License Manager counts in 64 bits but `JSON.parse` does not: 9223372036854775807 would
 * become 9223372036854776000 (measured), and no later code could tell.
 */
export function exactLongs(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(TEXT_OR_LONG, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

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
