import * as z from 'zod';
import { quoted } from '../../domain/outside-text.ts';
import { pathText } from './fields.ts';
import { watcherSchema } from './watcher-schema.ts';

type Path = readonly PropertyKey[];

/** One line for each problem: which field, the value got, what is allowed and what to do. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  root: string,
): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownField(issue.path, key, root));
    const value = valueAt(input, issue.path);
    const got = value === undefined ? 'is missing' : `is ${quoted(value, 80)}`;
    return [`${pathText(issue.path, root)} ${got}; allowed: ${issue.message}`];
  });
}

function unknownField(path: Path, key: string, root: string): string {
  const known = knownFields(path);
  const meant = known.find((name) => isNear(key.toLowerCase(), name.toLowerCase()));
  const remedy = meant === undefined ? 'Remove it.' : `Did you mean ${meant}?`;
  return `${pathText(path, root)} has an unknown field ${quoted(key, 80)}; allowed: ${known.join(', ')}. ${remedy}`;
}

/** The known fields of the object at a path in the settings. */
function knownFields(path: Path): readonly string[] {
  const at = path.reduce<unknown>((schema, step) => {
    const outer = bare(schema);
    if (outer instanceof z.ZodArray) return outer.element;
    if (outer instanceof z.ZodRecord) return outer.valueType;
    return outer instanceof z.ZodObject ? outer.shape[String(step)] : undefined;
  }, watcherSchema);
  const found = bare(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** The schema without its wrappers for a default or null. */
function bare(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? bare(schema.unwrap())
    : schema;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    input,
  );
}

/** True if one word contains the other, or they are at most two letters apart. */
function isNear(word: string, name: string): boolean {
  return (
    (word.length > 2 && (name.includes(word) || word.includes(name))) ||
    (Math.abs(word.length - name.length) <= 2 && distance(word, name) <= 2)
  );
}

/** Letters to insert, delete or replace to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
