import { timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { AwsAnswer } from '../cloud/call.ts';
import type { PlainRequest, PlainRoute } from '../cloud/front.ts';
import { problemsOf } from '../../messages/problems.ts';
import type { MailText, RefusedAction } from './wire.ts';
import { actionRequest, type ActionRequest } from './action-request.ts';
import type { ConsolePage } from './page.ts';
import { inspect } from 'node:util';
import { cleanText } from '../../domain/outside-text.ts';

const NO_STORE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

function json(value: unknown, status = 200): AwsAnswer {
  return {
    status,
    headers: { ...NO_STORE, 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

function refused(status: number, problem: string): AwsAnswer {
  return json({ problem } satisfies RefusedAction, status);
}

function html(body: string, policy: string): AwsAnswer {
  const headers = {
    ...NO_STORE,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
  };
  return { status: 200, headers: { ...headers, 'x-frame-options': 'DENY' }, body };
}

/** The operations behind the API. */
export interface ApiOperations {
  readonly state: (mailsFrom: number, cardsFrom: number) => Promise<unknown>;
  readonly report: () => Promise<unknown>;
  /** Undefined if there is no such mail. */
  readonly mail: (number: number) => MailText | undefined;
  /** Returns the number of the action; throws if the request names something that does not exist. */
  readonly enqueue: (request: ActionRequest) => Promise<number>;
}

/** Answers requests below `/console/api/`. */
async function answerApi(
  path: string,
  { method, body }: PlainRequest,
  dependencies: ApiOperations,
): Promise<AwsAnswer> {
  const [name, query = ''] = path.split('?');
  try {
    if (method === 'GET' && name === 'state')
      return json(await dependencies.state(from(query, 'mails'), from(query, 'cards')));
    if (method === 'GET' && name === 'report') return json(await dependencies.report());
    if (method === 'GET' && name?.startsWith('mail/') === true) return mail(name, dependencies);
    if (method === 'POST' && name === 'actions') return await action(body, dependencies);
  } catch (error) {
    return refused(500, wordsOf(error));
  }
  return refused(
    404,
    `there is no ${method} ${name ?? ''}; there is GET state, report, mail/<number>, POST actions`,
  );
}

/** The first number that is requested; 0 if the query has no valid one. */
function from(query: string, what: 'mails' | 'cards'): number {
  const number = Number(new URLSearchParams(query).get(what) ?? 0);
  return Number.isInteger(number) && number >= 0 ? number : 0;
}

function mail(name: string, dependencies: ApiOperations): AwsAnswer {
  const found = dependencies.mail(Number(name.slice('mail/'.length)));
  if (found === undefined) return refused(404, `there is no ${name}`);
  const { text, footer } = found;
  return json({ text, footer } satisfies MailText);
}

async function action(body: string, dependencies: ApiOperations): Promise<AwsAnswer> {
  let requested: unknown;
  try {
    requested = JSON.parse(body);
  } catch {
    return refused(400, 'the body is no JSON');
  }
  const parsed = z.safeParse(actionRequest, requested);
  if (!parsed.success) return refused(400, problemsOf(parsed.error, requested));
  try {
    return json({ action: await dependencies.enqueue(parsed.data) }, 202);
  } catch (error) {
    return refused(409, wordsOf(error));
  }
}

const PATH = '/console';

/** Serves the console's page and its API, and nothing else. */
export function consoleRoute(
  page: ConsolePage,
  /** Only the page knows it. */
  token: string,
  dependencies: ApiOperations,
): PlainRoute {
  return (request) => {
    const { path, method } = request;
    const [bare = ''] = path.split('?');
    if (bare !== PATH && !bare.startsWith(`${PATH}/`)) return undefined;
    const problem = unauthorized(request, token);
    if (problem !== undefined) return refused(403, problem);
    if (bare.startsWith(`${PATH}/api/`))
      return answerApi(path.slice(`${PATH}/api/`.length), request, dependencies);
    if (method === 'GET' && (bare === PATH || bare === `${PATH}/`))
      return html(page.html, page.policy);
    return refused(404, `there is nothing at ${method} ${bare}; the console is at ${PATH}`);
  };
}

/** Why an acting request is not from the console's own page; undefined if it is. The cloud's front has already refused foreign pages. */
export function unauthorized({ method, headers }: PlainRequest, token: string): string | undefined {
  const { 'sec-fetch-site': site } = headers;
  if (site !== undefined && !['same-origin', 'none'].includes(site) && method !== 'GET')
    return 'the request comes from another site; only the console’s own page may ask';
  if (method === 'GET') return undefined;
  if (headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
    return 'the Content-Type must be application/json';
  if (!isSame(headers['x-console-token'] ?? '', token))
    return 'the token of the page is missing or of an earlier local cloud: load the page again';
  return undefined;
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const LONGEST = 600;
const DEEPEST = 4;

/** An error and its causes, as one line for the page. */
export function wordsOf(error: unknown): string {
  return cleanText(chain(error, DEEPEST).join(': '), LONGEST);
}

function chain(error: unknown, depth: number): readonly string[] {
  if (error === undefined || depth === 0) return [];
  return error instanceof Error
    ? [error.message, ...chain(error.cause, depth - 1)]
    : [inspect(error)];
}
