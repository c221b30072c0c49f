import { type Command, Option } from 'commander';
import { BLIND_CAUSES } from '../../../domain/check/observation.ts';
import { cleanText, quoted } from '../../../domain/outside-text.ts';
import {
  registerAnswer,
  type RegisterAnswer,
  type RegisterRequest,
} from '../../../messages/requests.ts';
import { NOTICE_TOPIC_PATTERN, READING_ROLE_PATH } from '../../../messages/names.ts';
import type { RegistrationAttribute } from '../../../messages/registration.ts';
import { answerFrom } from '../answer.ts';
import type { AddCommand } from '../command.ts';
import type { Io, Watcher } from '../io.ts';
import { ACCOUNT_ARGUMENT, resolveAccount } from '../output/account.ts';
import { CommandFailure, misuse } from '../output/failure.ts';
import { fact } from '../output/text.ts';

export const addRegister: AddCommand = (program, { io, withWatcher }) => {
  const yesOrNo = (flags: string, description: string) =>
    new Option(flags, description).choices(['yes', 'no']).default('yes');
  program
    .command('register')
    .description('Register an invited buyer who made role and topic without our stack.')
    .argument('<account>', ACCOUNT_ARGUMENT)
    .argument('<role-arn>', 'the reading role, under the path /license-watcher-buyer/')
    .argument('<topic-arn>', 'the notice topic, called <prefix>-NoticeTopic-<suffix>')
    .addOption(yesOrNo('--probe <yes|no>', 'the role may check out and check in'))
    .addOption(yesOrNo('--share-usage <yes|no>', 'the role may read usage'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
For a buyer who must use their own infrastructure code. The role must trust the
watcher with the ExternalId of the invitation ("license-watcher invite --json"
prints it), and the topic must let it publish: the buyer template shows both.
They are verified like a stack's: the role is assumed, each permission is tried,
and the first check follows at once.

A role that was made a minute ago may take another minute: try again. If you run
the command again with another role or topic, it replaces them. A stack of the
buyer that registers later takes over. Without a stack nothing tells the watcher
that the buyer leaves: end the watch with "license-watcher revoke".

Examples:
  $ license-watcher register 111122223333 \\
      arn:aws:iam::111122223333:role/license-watcher-buyer/reader \\
      arn:aws:sns:us-east-1:111122223333:acme-NoticeTopic-1 --share-usage no`,
    )
    .action(
      (
        account: string,
        role: string,
        topic: string,
        options: RegisterOptions,
        command: Command,
      ) => {
        return withWatcher(command, async (watcher) => {
          const buyerAccountId = await resolveAccount(account, watcher);
          const roleArn = roleArnOf(role, buyerAccountId);
          const noticeTopicArn = topicArnOf(topic, buyerAccountId, watcher.region);
          return register({ buyerAccountId, roleArn, noticeTopicArn }, options, watcher, io);
        });
      },
    );
};

interface RegisterOptions {
  readonly probe: 'yes' | 'no';
  readonly shareUsage: 'yes' | 'no';
  readonly json?: boolean;
}

/** Has register-buyer verify role and topic of an invited buyer, and register them. */
async function register(
  buyer: Pick<RegisterRequest, 'buyerAccountId' | 'roleArn' | 'noticeTopicArn'>,
  { probe, shareUsage, json = false }: RegisterOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const request: RegisterRequest = {
    format: 1,
    request: 'register',
    ...buyer,
    probe: probe === 'yes',
    shareUsage: shareUsage === 'yes',
  };
  if (io.progress)
    io.stderr('The watcher is trying role and topic; this may take some seconds ...\n');
  const answer = await answerFrom(watcher, 'registrations', request, registerAnswer);
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
  if (json) io.printJson({ account: buyerAccountId, registered: true, selfTest });
  else io.print(selfTestLines(selfTest, io));
  io.stderr(
    `Registered ${buyerAccountId}: it is watched from now on, and first checked within minutes.${selfTest.SelfTest === 'ok' ? '' : ' Some of that will not work, because of what the self-test found.'}\n`,
  );
}

/** What the self-test tried, in its order. */
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
    return words.includes('Remedy:') ? lines.map(io.alarming) : lines;
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
      ? `${buyerAccountId} is not registered: the role ${roleArn} does not let the watcher in (${words}). Its trust policy must name this account and the ExternalId of the invitation, as the buyer template does; a role made a minute ago may take another minute: run the command again`
      : `${buyerAccountId} is not registered: AWS did not let the watcher try the role (${words}): run the command again in a while`,
  );
}

/** A part of an ARN that has to be as expected. */
interface Part {
  readonly name: string;
  readonly got: string;
  readonly fits: boolean;
  readonly expected: string;
}

/** The reading role of that account, as a person typed it. */
function roleArnOf(text: string, accountId: string): string {
  const { partition, service, region, account, resource } = partsOf(text);
  const path = `role${READING_ROLE_PATH}`;
  return fitting(text, `arn:aws:iam::${accountId}:${path}<name>`, 'role', [
    partitionPart(partition),
    exact('service', service, 'iam'),
    exact('Region', region, ''),
    exact('account', account, accountId),
    {
      name: 'path and name',
      got: resource,
      fits: resource.startsWith(path) && /^[\w+=,.@-]{1,64}$/.test(resource.slice(path.length)),
      expected: `${path}<name>, the only path under which the watcher may assume roles`,
    },
  ]);
}

/** The notice topic of that account. `region`: the watcher's. */
function topicArnOf(text: string, accountId: string, region: string): string {
  const { partition, service, region: got, account, resource } = partsOf(text);
  return fitting(
    text,
    `arn:aws:sns:${region}:${accountId}:<prefix>-NoticeTopic-<suffix>`,
    'topic',
    [
      partitionPart(partition),
      exact('service', service, 'sns'),
      exact('Region', got, region),
      exact('account', account, accountId),
      {
        name: 'name',
        got: resource,
        fits: NOTICE_TOPIC_PATTERN.test(resource) && resource.length <= 256,
        expected: '<prefix>-NoticeTopic-<suffix>, the only topics that the watcher may use',
      },
    ],
  );
}

function partsOf(text: string) {
  const [arn = '', partition = '', service = '', region = '', account = '', ...rest] =
    text.split(':');
  const isArn = arn === 'arn' && rest.length > 0;
  return isArn
    ? { partition, service, region, account, resource: rest.join(':') }
    : { partition: undefined, service: '', region: '', account: '', resource: '' };
}

function partitionPart(got: string | undefined): Part {
  const fits = /^aws(-[a-z]+)*$/.test(got ?? '');
  return got === undefined
    ? { name: 'whole', got: '', fits, expected: 'an ARN of six parts, separated by colons' }
    : { name: 'partition', got, fits, expected: 'aws, or one like aws-us-gov' };
}

function exact(name: string, got: string, expected: string): Part {
  return { name, got, fits: got === expected, expected: expected === '' ? 'nothing' : expected };
}

/** Returns the text; throws for the first part that does not fit. */
function fitting(
  text: string,
  like: string,
  what: 'role' | 'topic',
  parts: readonly Part[],
): string {
  const wrong = parts.find(({ fits }) => !fits);
  if (wrong === undefined) return text;
  const { name, got, expected } = wrong;
  const problem = name === 'whole' ? `it is not an ARN` : `its ${name} is ${quoted(got)}`;
  throw misuse(
    `the ${what} is ${quoted(text)}; ${problem}, expected ${expected}: give one like ${like}`,
  );
}
