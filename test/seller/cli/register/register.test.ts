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

  it.each([
    ['no ARN', 'reader', TOPIC_ARN, 'the role is "reader"; it is not an ARN'],
    [
      'no partition',
      ROLE_ARN.replace('aws', 'AWS'),
      TOPIC_ARN,
      'its partition is "AWS", expected aws, or one like',
    ],
    ['not of IAM', ROLE_ARN.replace('iam', 'sts'), TOPIC_ARN, 'its service is "sts", expected iam'],
    [
      'of a Region',
      ROLE_ARN.replace('iam::', 'iam:us-east-1:'),
      TOPIC_ARN,
      'its Region is "us-east-1", expected nothing',
    ],
    [
      'of another account',
      ROLE_ARN.replace(BUYER, '444455556666'),
      TOPIC_ARN,
      `its account is "444455556666", expected ${BUYER}`,
    ],
    [
      'a user',
      ROLE_ARN.replace('role/', 'user/'),
      TOPIC_ARN,
      'expected role/license-watcher-buyer/<name>, the only path',
    ],
    [
      'of another path',
      ROLE_ARN.replace('-buyer', ''),
      TOPIC_ARN,
      'its path and name is "role/license-watcher/license-',
    ],
    [
      'of a deeper path',
      ROLE_ARN.replace('-buyer/', '-buyer/x/'),
      TOPIC_ARN,
      'its path and name is',
    ],
    ['a topic of no ARN', ROLE_ARN, 'notices', 'the topic is "notices"; it is not an ARN'],
    ['a queue', ROLE_ARN, TOPIC_ARN.replace('sns', 'sqs'), 'its service is "sqs", expected sns'],
    [
      'a topic elsewhere',
      ROLE_ARN,
      TOPIC_ARN.replace('us-east-1', 'eu-west-1'),
      'its Region is "eu-west-1", expected us-east-1',
    ],
    [
      'a topic of another account',
      ROLE_ARN,
      TOPIC_ARN.replace(BUYER, '444455556666'),
      'its account is "444455556666"',
    ],
    [
      'a topic of another name',
      ROLE_ARN,
      `arn:aws:sns:us-east-1:${BUYER}:notices`,
      'its name is "notices", expected <prefix>-NoticeTopic-<suffix>, the only topics',
    ],
  ])('is misused with a role that is %s', async (_, role, topic, words) => {
    expect(await terminal.run('register', BUYER, role, topic)).toBe(2);
    expect(terminal.err).toContain(words);
    expect(terminal.err).toContain(': give one like arn:aws:');
    expect(terminal.requested).toEqual([]);
  });

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
