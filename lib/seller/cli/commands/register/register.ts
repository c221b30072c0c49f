import { cleanText } from '../../../../mail/clean-text.ts';
import { BLIND_CAUSES } from '../../../../domain/check/sighting.ts';
import {
  registerAnswer,
  type RegisterAnswer,
  type RegisterAsk,
} from '../../../../messages/asks.ts';
import type { RegistrationAttribute } from '../../../../messages/registration.ts';
import { answerTo } from '../../ask.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { alarming } from '../../output/paint.ts';
import { fact } from '../../output/table.ts';

export interface RegisterOptions {
  readonly probe: 'yes' | 'no';
  readonly shareUsage: 'yes' | 'no';
  readonly json?: boolean;
}

/** Has register-buyer verify role and topic of an invited buyer, and register them. */
export async function register(
  buyer: Pick<RegisterAsk, 'buyerAccountId' | 'roleArn' | 'noticeTopicArn'>,
  { probe, shareUsage, json = false }: RegisterOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const request: RegisterAsk = {
    format: 1,
    ask: 'register',
    ...buyer,
    probe: probe === 'yes',
    shareUsage: shareUsage === 'yes',
  };
  if (io.progress) io.stderr('The watcher tries role and topic, which may take some seconds ...\n');
  const answer = await answerTo(watcher, 'registrations', request, registerAnswer);
  switch (answer.outcome) {
    case 'refused':
      throw new CommandFailure(answer.words);
    case 'not-opened':
      throw notOpened(answer, buyer.roleArn);
    case 'registered':
      print(answer, json, io);
  }
}

function print(
  { buyerAccountId, selfTest }: Extract<RegisterAnswer, { outcome: 'registered' }>,
  json: boolean,
  io: Io,
): void {
  // Members are added, never renamed or removed.
  if (json)
    io.stdout(
      `${JSON.stringify({ account: buyerAccountId, registered: true, selfTest }, undefined, 2)}\n`,
    );
  else io.stdout(`${selfTestLines(selfTest, io).join('\n')}\n`);
  io.stderr(
    `Registered ${buyerAccountId}: it is watched from now on, and looked at within minutes.${selfTest.SelfTest === 'ok' ? '' : ' What the self-test found keeps the watcher from some of it.'}\n`,
  );
}

/** What was tried, in the order in which it is. */
const STEPS: readonly (readonly [Exclude<RegistrationAttribute, 'SelfTest'>, string])[] = [
  ['ListLicenses', 'list'],
  ['GetLicense', 'read'],
  ['Checkout', 'check out'],
  ['CheckIn', 'check in'],
  ['Usage', 'usage'],
  ['Topic', 'topic'],
];

function selfTestLines(
  selfTest: Readonly<Record<RegistrationAttribute, string>>,
  io: Io,
): string[] {
  return STEPS.flatMap(([attribute, name]) => {
    const words = cleanText(selfTest[attribute], 1_000);
    const lines = fact(name, words);
    return words.includes('Remedy:') ? lines.map((line) => alarming(line, io)) : lines;
  });
}

function notOpened(
  { cause, detail, buyerAccountId }: Extract<RegisterAnswer, { outcome: 'not-opened' }>,
  roleArn: string,
): CommandFailure {
  const words = cleanText(detail, 700);
  const isTheirs = BLIND_CAUSES.some((each) => each === cause);
  return new CommandFailure(
    isTheirs
      ? `${buyerAccountId} is not registered: the role ${roleArn} does not let the watcher in (${words}). Its trust policy must name this account and the ExternalId of the invitation, as the buyer template does; a role made a minute ago may take another minute: give the command again`
      : `${buyerAccountId} is not registered: AWS did not let the watcher try the role (${words}): give the command again in a while`,
  );
}
