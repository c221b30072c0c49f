import * as z from 'zod/mini';
import type { AwsAnswer } from '../cloud/call.ts';
import type { PlainRequest } from '../cloud/front.ts';
import { problemsOf } from '../../messages/problems.ts';
import { json, refused } from './answer.ts';
import { wordsOf } from './failure-words.ts';
import type { MailText } from './wire.ts';
import { wish, type Wish } from './wishes.ts';

/** What the API is made of. */
export interface ApiHands {
  readonly state: (mailsFrom: number) => Promise<unknown>;
  readonly report: () => Promise<unknown>;
  /** Undefined: there is no such mail. */
  readonly mail: (number: number) => MailText | undefined;
  /** Answers with the number of the action; throws where the wish is for something that is not there. */
  readonly ask: (wish: Wish) => Promise<number>;
}

/** Answers what lies below `/console/api/`. */
export async function answerApi(
  path: string,
  { method, body }: PlainRequest,
  hands: ApiHands,
): Promise<AwsAnswer> {
  const [name, query = ''] = path.split('?');
  try {
    if (method === 'GET' && name === 'state') return json(await hands.state(mailsFrom(query)));
    if (method === 'GET' && name === 'report') return json(await hands.report());
    if (method === 'GET' && name?.startsWith('mail/') === true) return mail(name, hands);
    if (method === 'POST' && name === 'actions') return await action(body, hands);
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

function mail(name: string, hands: ApiHands): AwsAnswer {
  const found = hands.mail(Number(name.slice('mail/'.length)));
  if (found === undefined) return refused(404, `there is no ${name}`);
  const { text, footer } = found;
  return json({ text, footer } satisfies MailText);
}

async function action(body: string, hands: ApiHands): Promise<AwsAnswer> {
  let asked: unknown;
  try {
    asked = JSON.parse(body);
  } catch {
    return refused(400, 'the body is no JSON');
  }
  const parsed = z.safeParse(wish, asked);
  if (!parsed.success) return refused(400, problemsOf(parsed.error, asked));
  try {
    return json({ action: await hands.ask(parsed.data) }, 202);
  } catch (error) {
    return refused(409, wordsOf(error));
  }
}
