import { transformSync, type TransformFailure } from 'esbuild';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ConfigError } from './settings.ts';
import { isRecord } from './fields.ts';

/** Reads the context in cdk.json. Throws a ConfigError, which names file and line if the file is not JSON. */
export function readContext(path: string): Readonly<Record<string, unknown>> {
  const whole = parsed(textOf(path), path);
  const context = isRecord(whole) ? whole['context'] : undefined;
  if (isRecord(context)) return context;
  throw new ConfigError([`${path} has no object "context": see the example in the repository`]);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      code === 'ENOENT' ? `${path} does not exist: use the one from the repository` : message,
    ]);
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([
      whereItIsNoJson(text, path) ?? `${path} is not valid JSON: ${(error as Error).message}`,
    ]);
  }
}

/** Says where the text is not JSON; undefined if esbuild cannot. JSON.parse does not always say where; esbuild does, and in words. */
function whereItIsNoJson(text: string, path: string): string | undefined {
  try {
    transformSync(text, { loader: 'json', sourcefile: basename(path), logLevel: 'silent' });
    return undefined;
  } catch (error) {
    const [first] = (error as TransformFailure).errors;
    if (first?.location === undefined || first.location === null) return undefined;
    const { line, column, lineText } = first.location;
    return `${path}:${line}:${column + 1} is not valid JSON: ${first.text}, in the line\n    ${lineText.trim()}`;
  }
}
