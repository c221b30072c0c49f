import type { Properties } from '../resource.ts';
import { eventTime, type EventMessage } from './event-message.ts';

/**
 * Makes the text that a target gets in place of the event. It follows the user guide, "Amazon EventBridge input transformation", and where
 * that is silent (a quoted placeholder, a missing path, `detailType`) LocalStack's recordings of AWS (2024,
 * tests/aws/services/events/test_events_inputs.snapshot.json). Anything else is refused by name: at deployment if possible, else per event.
 */
export type TargetInput = (event: EventMessage, source: InputSource) => string;

export interface InputSource {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** The event cannot be made into the input that the target expects. The sender does not retry. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
}

const RESERVED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
];
/** A placeholder; `<` and `>` cannot be escaped. */
const PLACEHOLDER = /<(.*?)>/gs;

/** Reads a target's input. Throws in EventBridge's words if AWS would refuse it, in its own words if only the local cloud does. */
export function targetInput(target: Properties, id: string): TargetInput {
  const {
    Input: constant,
    InputPath: path,
    InputTransformer: transformer,
  } = target as {
    readonly Input?: string;
    readonly InputPath?: string;
    readonly InputTransformer?: Transformer;
  };
  if ([constant, path, transformer].filter((each) => each !== undefined).length > 1)
    throw new Error(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`,
    );
  if (transformer !== undefined) return transformed(transformer, id);
  if (path !== undefined) {
    const find = jsonPath(path);
    return (event) => {
      const value = find(event);
      if (value === undefined || value === null)
        throw unknownInput(`of the InputPath ${path}, which finds ${String(value)}`);
      return JSON.stringify(value);
    };
  }
  if (constant === undefined) return (event) => JSON.stringify(event);
  if (!isJson(constant)) throw new Error(`Input for target ${id} must be JSON, got ${constant}`);
  return () => constant;
}

interface Transformer {
  readonly InputPathsMap?: Readonly<Record<string, string>>;
  readonly InputTemplate?: string;
}

function transformed(
  { InputPathsMap: paths = {}, InputTemplate: template = '' }: Transformer,
  id: string,
): TargetInput {
  const names = Object.keys(paths);
  if (names.length > 100)
    throw new Error(`InputPathsMap for target ${id} may have 100 entries, got ${names.length}`);
  const odd = names.find((name) => !/^[\w-]{1,256}$/.test(name) || /^aws\./i.test(name));
  if (odd !== undefined)
    throw new Error(
      `InputPathsMap for target ${id}: a key has 1 to 256 of A-Z, a-z, 0-9, "_" and "-", got ${odd}`,
    );
  if (template === '' || template.length > 8192)
    throw new Error(
      `InputTemplate for target ${id} must have 1 to 8192 characters, got ${template.length}`,
    );
  for (const [, name = ''] of template.matchAll(PLACEHOLDER))
    if (!names.includes(name) && !RESERVED.includes(name))
      throw new Error(`InputTemplate for target ${id} contains invalid placeholder ${name}.`);
  const isJsonTemplate = template.trimStart().startsWith('{');
  assertForm(template, isJsonTemplate, id);
  const finders = Object.entries(paths).map(([name, path]) => [name, jsonPath(path)] as const);
  return (event, source) => {
    const found = new Map(finders.map(([name, find]) => [name, find(event)]));
    const values = new Map([...found, ...reserved(event, source)]);
    return isJsonTemplate ? filledJson(template, values) : filledText(template, values);
  };
}

/** "For Strings, quotes are required": each line may be one string. "The placeholder cannot be used as an object key." */
function assertForm(template: string, isJsonTemplate: boolean, id: string): void {
  const filled = fill(template, (_name, isQuoted) => (isQuoted ? MARK : `"${MARK}"`));
  const parts = isJsonTemplate ? [filled] : filled.split('\n');
  const isFit = parts.every(
    (part) => isJson(part) && (isJsonTemplate ? !hasMarkedKey(part) : part.startsWith('"')),
  );
  if (!isFit)
    throw new Error(
      `InputTemplate for target ${id}: a JSON object, or strings in quotes on lines of their own, are expected, with placeholders as values or inside strings, got ${template}`,
    );
}

/** Takes the place of a placeholder; a private-use character, which no template contains. */
const MARK = '\u{e000}';

function hasMarkedKey(json: string): boolean {
  const keys: string[] = [];
  JSON.parse(json, (key, value: unknown) => {
    keys.push(key);
    return value;
  });
  return keys.some((key) => key.includes(MARK));
}

function filledJson(template: string, values: ReadonlyMap<string, unknown>): string {
  // "EventBridge doesn't escape values extracted by Input Path": a quote or a line break inside a string makes the JSON invalid.
  const text = fill(template, (name, isQuoted) => {
    const value = valueOf(name, values);
    return isQuoted && typeof value === 'string' ? value : JSON.stringify(value);
  });
  if (!isJson(text))
    throw new UnusableInput(`The input template makes no JSON of this event: ${text}`);
  // "The JSON that is passed to the target is minified."
  return JSON.stringify(JSON.parse(text));
}

/** Objects and arrays lose their quotes: `{acc_id:0a787ecb,sf_id:baz}`. */
function filledText(template: string, values: ReadonlyMap<string, unknown>): string {
  return fill(template, (name) => {
    const value = valueOf(name, values);
    return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
  });
}

/** The value of a variable; an empty string if its path leads nowhere, both inside a string and as a value. */
function valueOf(name: string, values: ReadonlyMap<string, unknown>): unknown {
  const value = values.get(name);
  if (value === null) throw unknownInput(`of the variable ${name}, which is null`);
  return value ?? '';
}

function unknownInput(what: string): Error {
  return new Error(`the local cloud does not know what EventBridge makes ${what}`);
}

function fill(template: string, insert: (name: string, isQuoted: boolean) => string): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<(.*?)>/gs, (token, name: string | undefined) => {
    if (token === '"') isQuoted = !isQuoted;
    return name === undefined ? token : insert(name, isQuoted);
  });
}

function reserved(
  event: EventMessage,
  source: InputSource,
): readonly (readonly [string, unknown])[] {
  const { detail: _detail, 'detail-type': detailType, ...rest } = event;
  return [
    ['aws.events.rule-arn', source.ruleArn],
    ['aws.events.rule-name', source.ruleName],
    ['aws.events.event.ingestion-time', eventTime(source.receivedAt)],
    ['aws.events.event', { ...rest, detailType }],
    ['aws.events.event.json', event],
  ];
}

/** Reads a path in dot notation with array indices. The function returns undefined if nothing is there. */
function jsonPath(path: string): (event: EventMessage) => unknown {
  if (!/^\$(\.[\w/-]+(\[\d+\])*)*$/.test(path))
    throw new Error(
      `the local cloud knows JSON paths like $.detail.changes[0].type (no wildcards, no brackets with names), got ${path}`,
    );
  const steps = path.match(/[\w/-]+/g) ?? [];
  return (event) =>
    steps.reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Readonly<Record<string, unknown>>)[step]
          : undefined,
      event,
    );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
