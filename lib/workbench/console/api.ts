import * as z from 'zod/mini';
import type { AwsAnswer } from '../cloud/call.ts';
import type { PlainRequest } from '../cloud/front.ts';
import { problemsOf } from '../../messages/problems.ts';
import { json, refused } from './answer.ts';
import { wordsOf } from './failure-words.ts';
import type { MailText } from './wire.ts';
import { actionRequest, type ActionRequest } from './action-request.ts';

/** What the API is made of. */
export interface ApiOperations {
  readonly state: (mailsFrom: number) => Promise<unknown>;
  readonly report: () => Promise<unknown>;
  /** Undefined: there is no such mail. */
  readonly mail: (number: number) => MailText | undefined;
  /** Answers with the number of the action; throws where the request is for something that is not there. */
  readonly enqueue: (request: ActionRequest) => Promise<number>;
}

/** Answers what lies below `/console/api/`. */
export async function answerApi(
  path: string,
  { method, body }: PlainRequest,
  dependencies: ApiOperations,
): Promise<AwsAnswer> {
  const [name, query = ''] = path.split('?');
  try {
    if (method === 'GET' && name === 'state')
      return json(await dependencies.state(mailsFrom(query)));
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

function mailsFrom(query: string): number {
  const from = Number(new URLSearchParams(query).get('mails') ?? 0);
  return Number.isInteger(from) && from >= 0 ? from : 0;
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
