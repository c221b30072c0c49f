import { beforeEach, describe, expect, it } from 'vitest';
import type { RegisterRequest } from '../../../../lib/messages/requests.ts';
import {
  BUYER,
  EXTERNAL_ID,
  ROLE_ARN,
  TOPIC_ARN,
} from '../../../support/cloudformation-request.ts';
import { invitedBuyer, RegistrationFixture } from '../../../support/registration-fixture.ts';
import { aBuyer, aRegistration, REGISTERED } from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

/** The command line, and behind it the very function that it asks. */
let terminal: Terminal;
let fixture: RegistrationFixture;
beforeEach(() => {
  terminal = new Terminal();
  fixture = new RegistrationFixture(invitedBuyer());
  terminal.answer = async (request) =>
    JSON.parse(JSON.stringify(await fixture.ask(request as RegisterRequest))) as unknown;
});

describe('register', () => {
  it('registers, and prints the self-test', async () => {
    fixture.selfTest = {
      ...fixture.selfTest,
      CheckIn: {
        kind: 'problem',
        what: 'license-manager:CheckInLicense failed',
        remedy: 'update the stack',
      },
      Topic: { kind: 'open', words: 'nobody has confirmed yet' },
    };
    expect(await terminal.run('register', BUYER, ROLE_ARN, TOPIC_ARN, '--share-usage', 'no')).toBe(
      0,
    );
    expect(terminal.requested).toEqual([
      {
        whom: 'registrations',
        request: {
          format: 1,
          request: 'register',
          buyerAccountId: BUYER,
          roleArn: ROLE_ARN,
          noticeTopicArn: TOPIC_ARN,
          probe: true,
          shareUsage: false,
        },
      },
    ]);
    expect(terminal.out).toMatchInlineSnapshot(`
      "  list        ok
        read        ok
        check out   ok
        check in    license-manager:CheckInLicense failed. Remedy: update the stack
        usage       ok
        topic       nobody has confirmed yet
      "
    `);
    expect(terminal.err).toBe(
      `Registered ${BUYER}: it is watched from now on, and first checked within minutes. Some of that will not work, because of what the self-test found.\n`,
    );
    expect(fixture.buyer.registration).toMatchObject({
      stackId: null,
      probe: true,
      shareUsage: false,
    });
  });

  it('prints JSON for machines', async () => {
    expect(
      await terminal.run('register', BUYER, ROLE_ARN, TOPIC_ARN, '--probe', 'no', '--json'),
    ).toBe(0);
    expect(terminal.json()).toMatchObject({
      account: BUYER,
      registered: true,
      selfTest: { SelfTest: 'ok', Topic: 'ok' },
    });
    expect(fixture.buyer.registration?.probe).toBe(false);
  });

  it('says what to do where the role lets nobody in', async () => {
    fixture.liveRoles.clear();
    expect(await terminal.run('register', BUYER, ROLE_ARN, TOPIC_ARN)).toBe(1);
    expect(terminal.err).toContain(
      `${BUYER} is not registered: the role ${ROLE_ARN} does not let the watcher in`,
    );
    expect(terminal.err).toContain('may take another minute: run the command again');
    expect(terminal.err).not.toContain(EXTERNAL_ID);
    expect(fixture.buyer.status).toBe('invited');
  });

  it('does not blame the buyer for trouble at AWS', async () => {
    fixture.trouble = { kind: 'trouble', cause: 'throttled', detail: 'sts:AssumeRole: Throttling' };
    expect(await terminal.run('register', BUYER, ROLE_ARN, TOPIC_ARN)).toBe(1);
    expect(terminal.err).toContain('AWS did not let the watcher try the role');
  });

  it('passes on why it is refused', async () => {
    fixture.book.clear();
    expect(await terminal.run('register', BUYER, ROLE_ARN, TOPIC_ARN)).toBe(1);
    expect(terminal.err).toContain(
      `${BUYER} was never invited: "license-watcher invite" does that`,
    );
  });

  async function misused(role: string, topic: string, words: string): Promise<void> {
    expect(await terminal.run('register', BUYER, role, topic)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.err).toContain(': give one like arn:aws:');
    expect(terminal.requested).toEqual([]);
  }
  const OTHER = '444455556666';

  it.each([
    ['reader', 'the role is "reader"; it is not an ARN'],
    [ROLE_ARN.replace('aws', 'AWS'), 'its partition is "AWS", expected aws, or one like'],
    [ROLE_ARN.replace('iam', 'sts'), 'its service is "sts", expected iam'],
    [ROLE_ARN.replace('::', ':us-east-1:'), 'its Region is "us-east-1", expected nothing'],
    [ROLE_ARN.replace(BUYER, OTHER), `its account is "${OTHER}", expected ${BUYER}`],
    [ROLE_ARN.replace('role/', 'user/'), 'role/license-watcher-buyer/<name>, the only path'],
    [ROLE_ARN.replace('-buyer', ''), 'its path and name is "role/license-watcher/license-'],
    [ROLE_ARN.replace('-buyer/', '-buyer/x/'), 'its path and name is'],
  ])('is misused with the role %s', (role, words) => misused(role, TOPIC_ARN, words));

  it.each([
    ['notices', 'the topic is "notices"; it is not an ARN'],
    [TOPIC_ARN.replace('sns', 'sqs'), 'its service is "sqs", expected sns'],
    [TOPIC_ARN.replace('us-east', 'eu-west'), 'its Region is "eu-west-1", expected us-east-1'],
    [TOPIC_ARN.replace(BUYER, OTHER), `its account is "${OTHER}"`],
    [
      `arn:aws:sns:us-east-1:${BUYER}:notices`,
      'its name is "notices", expected <prefix>-NoticeTopic-<suffix>, the only topics',
    ],
  ])('is misused with the topic %s', (topic, words) => misused(ROLE_ARN, topic, words));

  it('knows yes and no, and nothing between', async () => {
    expect(await terminal.run('register', BUYER, ROLE_ARN, TOPIC_ARN, '--probe', 'maybe')).toBe(2);
    expect(terminal.requested).toEqual([]);
  });
});

/** What the function lets through, the command line must not refuse, and the other way round. */
it('and the watcher agree on the topics that it may use', async () => {
  const topic = `arn:aws:sns:us-east-1:${BUYER}:acme-NoticeTopic-1`;
  expect(await terminal.run('register', BUYER, ROLE_ARN, topic)).toBe(0);
  expect(fixture.tested.at(-1)?.noticeTopicArn).toBe(topic);
});

it('is undone by revoke, which says what the buyer has to delete where there is no stack', async () => {
  const registration = aRegistration({
    stackId: null,
    roleArn: ROLE_ARN,
    noticeTopicArn: TOPIC_ARN,
  });
  await terminal.store.buyers.put(aBuyer({ registration }), undefined, REGISTERED);
  expect(await terminal.run('revoke', BUYER)).toBe(0);
  expect(terminal.err).toContain(
    `The buyer should delete the role\n  ${ROLE_ARN}\nand the topic\n  ${TOPIC_ARN}\n`,
  );
  expect(terminal.ended).toEqual([BUYER]);
});
