import { refuse } from './errors.ts';
import { digest } from './ids.ts';
import type { Call } from './operation.ts';

interface PageRequest {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/**
 * One page of a list. A token says where to continue and belongs to its question: with other filters it is refused. An empty token means
 * the start (B: an AWS sample sends it).
 */
export function page<Member>(
  members: readonly Member[],
  request: PageRequest,
  { world }: Call,
): { readonly members: readonly Member[]; readonly NextToken: string | undefined } {
  const { NextToken: token = '', MaxResults: size = 100 } = request;
  const question = digest(
    JSON.stringify({ ...request, NextToken: undefined, MaxResults: undefined }),
  ).slice(0, 16);
  if (token === '' && world.switches.firstPage === 'empty')
    return { members: [], NextToken: write(question, 0) };
  const from = token === '' ? 0 : read(token, question);
  const next = from + size;
  return {
    members: members.slice(from, next),
    NextToken: next < members.length ? write(question, next) : undefined,
  };
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
