import { refuse } from './errors.ts';
import { digest } from './ids.ts';
import type { Call } from './operation.ts';
import { STRING, type ValueOf } from './shape.ts';
import { FILTERS, MAX_RESULTS, type Filters } from './shapes.ts';

/** The members that the requests of all lists have. */
export const PAGED = { NextToken: STRING, MaxResults: MAX_RESULTS } as const;
export const FILTERED = { Filters: FILTERS, ...PAGED } as const;

type PageRequest = {
  readonly [Name in keyof typeof FILTERED]?: ValueOf<(typeof FILTERED)[Name]> | undefined;
};

/**
 * One page of a list, of the members that meet the filters. A token says where to continue and belongs to its question: with other filters
 * it is refused. An empty token means the start (B: an AWS sample sends it). `filters` has the filters that are built, and the value of a
 * member that each compares.
 */
export function page<Member>(
  all: readonly Member[],
  request: PageRequest,
  { world }: Call,
  filters: Readonly<Record<string, (member: Member) => string>> = {},
): { readonly members: readonly Member[]; readonly NextToken: string | undefined } {
  const { NextToken: token = '', MaxResults: size = 100 } = request;
  const question = digest(
    JSON.stringify({ ...request, NextToken: undefined, MaxResults: undefined }),
  ).slice(0, 16);
  if (token === '' && world.switches.firstPage === 'empty')
    return { members: [], NextToken: write(question, 0) };
  const from = token === '' ? 0 : read(token, question);
  const next = from + size;
  const met = filtered(all, request.Filters, filters);
  return {
    members: met.slice(from, next),
    NextToken: next < met.length ? write(question, next) : undefined,
  };
}

/** Filters of different names narrow each other; each takes exactly one value (A). */
function filtered<Member>(
  all: readonly Member[],
  asked: Filters = [],
  filters: Readonly<Record<string, (member: Member) => string>>,
): readonly Member[] {
  return asked.reduce((left, { Name = '', Values = [] }) => {
    const valueOf = Object.hasOwn(filters, Name) ? filters[Name] : undefined;
    if (valueOf === undefined) {
      const built = Object.keys(filters).join(', ');
      return refuse('NotImplemented', `Filter '${Name}' is not built here. Built: ${built}`);
    }
    const [value, ...more] = Values;
    if (value === undefined || more.length > 0) {
      return refuse(
        'InvalidParameterValueException',
        `Filter '${Name}' takes one value, not ${Values.length}`,
      );
    }
    return left.filter((member) => valueOf(member) === value);
  }, all);
}

function write(question: string, from: number): string {
  return Buffer.from(`${question}:${from}`).toString('base64url');
}

function read(token: string, question: string): number {
  const [of, from] = Buffer.from(token, 'base64url').toString().split(':');
  if (of !== question || from === undefined || !/^\d+$/.test(from)) {
    return refuse(
      'InvalidParameterValueException',
      `NextToken '${token}' is not of this list: pass back the one it gave`,
    );
  }
  return Number(from);
}
