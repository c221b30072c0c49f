import type * as z from 'zod/mini';
import { cleanText, quoted } from '../domain/outside-text.ts';

/**
 * Describes what does not fit a schema, for people: where, what is allowed, the value got (shortened; as JSON, so that control characters
 * can be seen). Zod's mini build has no sentences of its own: all it says is "Invalid input".
 */
export function problemsOf(error: z.core.$ZodError, value: unknown): string {
  return error.issues
    .map(
      (issue) =>
        `${where(issue.path)}: ${allowed(issue)}, got ${quoted(at(value, issue.path), 80)}`,
    )
    .join('; ');
}

function where(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the whole' : cleanText(path.map(String).join('.'), 200);
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => quoted(value)).join(' or ')}`;
    case 'invalid_union':
      return 'fits none of the shapes allowed';
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return `does not know ${cleanText(issue.keys.join(', '), 200)}`;
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
