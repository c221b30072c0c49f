import { listOf, type Statement } from './statement.ts';

/** Conditions on these, with fixed values, keep a statement for everyone from being public (S3 user guide, "The meaning of public"). */
const LIMITING = new Set(['aws:sourcearn', 'aws:sourceaccount', 'aws:principalorgid']);
const LIMITING_OPERATORS = new Set(['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike']);

/** One public statement makes the whole policy public. */
export function isPublic(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' && isForEveryone(statement) && !isLimited(statement),
  );
}

function isForEveryone({ Principal: principal = {} }: Statement): boolean {
  if (typeof principal === 'string') return principal === '*';
  return listOf(principal['AWS'] ?? []).includes('*');
}

function isLimited({ Condition: condition = {} }: Statement): boolean {
  return Object.entries(condition).some(
    ([operator, keys]) =>
      LIMITING_OPERATORS.has(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          LIMITING.has(key.toLowerCase()) && listOf(values).every((value) => !/[*?]/.test(value)),
      ),
  );
}
