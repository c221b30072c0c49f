import { AwsFault } from '../fault.ts';

export interface StatementTarget {
  /** `PartiQLSelect`, ...: each kind of statement is an action of its own in IAM. */
  readonly action: string;
  readonly table: string;
  readonly index: string | undefined;
}

const NAME = String.raw`(?:"([^"]+)"|([A-Za-z_][\w.-]*))`;
/** DynamoDB's PartiQL has one table in a statement, and it follows the verb. */
const FORMS = [
  [
    'PartiQLSelect',
    new RegExp(String.raw`^(\s*SELECT\s[\s\S]*?\sFROM\s+)${NAME}(?:\.${NAME})?`, 'i'),
  ],
  [
    'PartiQLSelect',
    new RegExp(String.raw`^(\s*EXISTS\s*\(\s*SELECT\s[\s\S]*?\sFROM\s+)${NAME}(?:\.${NAME})?`, 'i'),
  ],
  ['PartiQLInsert', new RegExp(String.raw`^(\s*INSERT\s+INTO\s+)${NAME}`, 'i')],
  ['PartiQLUpdate', new RegExp(String.raw`^(\s*UPDATE\s+)${NAME}`, 'i')],
  ['PartiQLDelete', new RegExp(String.raw`^(\s*DELETE\s+FROM\s+)${NAME}`, 'i')],
] as const;

export function targetOf(statement: string): StatementTarget {
  const { action, match } = parsed(statement);
  return { action, table: match[2] ?? match[3] ?? '', index: match[4] ?? match[5] };
}

/** The same statement on the table of another name. */
export function retarget(statement: string, table: string): string {
  const { match } = parsed(statement);
  const [whole, before = ''] = match;
  const index = match[4] ?? match[5];
  return `${before}"${table}"${index === undefined ? '' : `."${index}"`}${statement.slice(whole.length)}`;
}

function parsed(statement: string): { action: string; match: RegExpExecArray } {
  for (const [action, form] of FORMS) {
    const match = form.exec(statement);
    if (match !== null) return { action, match };
  }
  throw new AwsFault(
    'ValidationException',
    `Statement wasn't well formed, can't be processed: ${statement}`,
  );
}
