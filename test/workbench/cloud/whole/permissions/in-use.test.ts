import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScenarioBuyer } from '../../../../../lib/workbench/scenarios/scenario-run.ts';
import { BUYER_STACK_NAME, watcherStackName } from '../../../../../lib/messages/names.ts';
import { scenarioAssembly } from '../../../../support/assembly.ts';
import {
  NOT_KEPT,
  NOT_SEEN,
  type Step,
  tidyUp,
  troublesIn,
} from '../../../../support/everything.ts';
import { grantsOf, showsAtDeployment, withoutAll, type Grant } from '../../../../support/grants.ts';
import {
  openFixture,
  updateStack,
  type WatcherFixture,
} from '../../../../support/watcher-fixture.ts';

const assembly = await scenarioAssembly();
const watcherTemplate = assembly.template(watcherStackName('default'));
const buyerTemplate = assembly.template(BUYER_STACK_NAME);

/** Granted, and missed by no first look; each with its reason. A permission that is neither missed nor here is over-granted. */
const AHEAD: Readonly<Record<string, string>> = {
  'ComeAgain sqs:ChangeMessageVisibility':
    'needed where more is due than an invocation tells, some 1,800 notices: test/lambdas/send-notices/mass-day.test.ts',
  'CheckLicensesFunctionRole SendChecks sqs:SendMessage':
    'needed where a range leaves a rest, for which one buyer is too few: test/lambdas/check-licenses',
  'KeepLostCards sqs:SendMessage':
    'needed where the topic does not take a card: test/scenarios/slack.test.ts',
  'KeepLostEvents sqs:SendMessage':
    'needed where the queue does not take an event: test/workbench/cloud/events',
  'license-manager:ListLicenseVersions':
    'asked for where a version of a license was skipped, and then its denial is one line of the entry: AWS itself may deny it',
};

/** Where it is not simply AWS's words: what a person reads instead. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  'AlarmsPublish sns:Publish': 'cloudwatch.amazonaws.com is not authorized to perform: sns:Publish',
  'TakeCards sns:Publish': 'events.amazonaws.com is not authorized to perform: sns:Publish',
  'KeepLostTicks sqs:SendMessage': NOT_KEPT,
  'TellSeller sns:Publish': "the seller's topic refuses: the topic does not let the watcher in",
  'TellSeller sns:GetTopicAttributes': 'the topic does not let the watcher in',
  'TellOperations sns:Publish':
    'the operations topic refuses: the topic does not let the watcher in',
  'PutEvents events:PutEvents': 'AccessDeniedException',
  'TellBuyers sns:Publish': 'the topic does not let the watcher in',
  'TellBuyers sns:ListSubscriptionsByTopic': `${NOT_SEEN}: unknown`,
  'WatcherSeesAddresses sns:ListSubscriptionsByTopic': `${NOT_SEEN}: unknown`,
  'TellBuyers sns:GetTopicAttributes': 'the topic does not let the watcher in',
  'TestNoticeTopic sns:GetTopicAttributes':
    'Topic: the notice topic cannot be used: the topic does not let the watcher in',
  'WatcherTells sns:Publish': 'the topic does not let the watcher in',
  'WatcherSeesSubscriptions sns:GetTopicAttributes': 'Topic: the notice topic cannot be used',
  'Probe license-manager:CheckoutLicense': 'license-manager:CheckoutLicense is denied',
};

/** What has to happen after a buyer has joined until it is missed; nothing where the joining misses it. */
const MISSED_WHEN: Readonly<Record<string, Step>> = {
  StartSweepFunctionRole: 'is swept',
  'KeepLostTicks sqs:SendMessage': 'a tick fails',
  'AlarmsPublish sns:Publish': 'an alarm goes off',
  'CheckLicensesFunctionRole WatchIndexes dynamodb:Query': 'is swept',
  'TakeCards sns:Publish': 'is swept',
  'PutEvents events:PutEvents': 'is swept',
  'TellSeller sns:Publish': 'is swept',
  'TellSeller sns:GetTopicAttributes': 'the seller tries a notice',
  'TellBuyers sns:GetTopicAttributes': 'the seller tries a notice',
  'SendNoticesFunctionRole WatchPartitions dynamodb:Query': 'it is Monday',
  'LedgerIndexes dynamodb:Query': 'it is Monday',
  'SendNoticesFunctionRole Watch dynamodb:PutItem': 'the topic refuses an upgrade',
  'ReadAgreementsFunctionRole Watch dynamodb:UpdateItem': 'the topic refuses an upgrade',
  'aws-marketplace:ListAgreementCancellationRequests': 'an hour has passed',
  'TellOperations sns:Publish': 'an unknown tier is not recorded at first',
  'SendNoticesFunctionRole SendChecks sqs:SendMessage': 'the buyer unsubscribes',
  'sns:ListSubscriptionsByTopic': 'the buyer unsubscribes',
  'RegisterBuyerFunctionRole Watch dynamodb:Query': 'the buyer leaves',
  'RegisterBuyerFunctionRole Ledger dynamodb:PutItem': 'the buyer leaves',
};

/** Of these none hides another, so that one life does without all of a row. Whatever is not here is missing alone. */
const TOGETHER: readonly (readonly string[])[] = [
  [
    'AlarmsPublish sns:Publish',
    'KeepLostTicks sqs:SendMessage',
    'TellSeller sns:GetTopicAttributes',
    'LedgerIndexes dynamodb:Query',
    'SendNoticesFunctionRole Watch dynamodb:PutItem',
    'ReadAgreementsFunctionRole Watch dynamodb:UpdateItem',
    'RegisterBuyerFunctionRole Watch dynamodb:Query',
  ],
  [
    'TakeCards sns:Publish',
    'SendNoticesFunctionRole WatchPartitions dynamodb:Query',
    'TellOperations sns:Publish',
    'SendNoticesFunctionRole SendChecks sqs:SendMessage',
    'aws-marketplace:ListAgreementCancellationRequests',
    'RegisterBuyerFunctionRole Ledger dynamodb:PutItem',
  ],
  ['PutEvents events:PutEvents', 'TellBuyers sns:GetTopicAttributes'],
  ['TellSeller sns:Publish', 'TellBuyers sns:ListSubscriptionsByTopic'],
  ['WatcherTells sns:Publish', 'license-manager:CheckInLicense'],
  ['WatcherSeesSubscriptions sns:GetTopicAttributes', 'license-manager:GetLicenseUsage'],
  // A sweep that does not start is not needed by whoever cannot be told of the joining.
  ...[
    ['Watch dynamodb:GetItem', 'Watch dynamodb:GetItem'],
    ['Watch dynamodb:UpdateItem', 'Watch dynamodb:UpdateItem'],
    ['WatchPartitions dynamodb:Query', 'Ledger dynamodb:GetItem'],
    ['WatchIndexes dynamodb:Query', 'WatchIndexes dynamodb:Query'],
    ['SendChecks sqs:SendMessage', 'Ledger dynamodb:PutItem'],
    ['SendNotices sqs:SendMessage', 'TellBuyers sns:Publish'],
  ].map(([sweep, notice]) => [
    `StartSweepFunctionRole ${sweep}`,
    `SendNoticesFunctionRole ${notice}`,
  ]),
  // Agreements are read whether or not their buyer could join.
  ...[
    ['Watch dynamodb:GetItem', 'Watch dynamodb:GetItem'],
    ['Watch dynamodb:PutItem', 'Watch dynamodb:PutItem'],
    ['Watch dynamodb:UpdateItem', 'WatchPartitions dynamodb:Query'],
    ['SendChecks sqs:SendMessage', 'WatchIndexes dynamodb:Query'],
    ['AskAgainLater sqs:ChangeMessageVisibility', 'SendChecks sqs:SendMessage'],
    ['AssumeReadingRoles sts:AssumeRole', 'ReadAgreements aws-marketplace:SearchAgreements'],
    ['TestNoticeTopic sns:GetTopicAttributes', 'ReadAgreements aws-marketplace:DescribeAgreement'],
  ].map(([join, agreement]) => [
    `RegisterBuyerFunctionRole ${join}`,
    `ReadAgreementsFunctionRole ${agreement}`,
  ]),
];

// One cloud for all: the policies of a stack that stands are changed in place, and every case has a buyer of its own.
let fixture: WatcherFixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const watchers = inUse(watcherTemplate);
const buyers = inUse(buyerTemplate);

test.each(lives())('without %s', async (_, grants) => {
  const wanted = grants.map(consequence);
  // Else one could be found in what another leads to.
  for (const words of wanted) expect(wanted.filter((each) => each.includes(words))).toHaveLength(1);
  const of = (some: readonly Grant[]) => grants.filter((grant) => some.includes(grant));
  const buyer = nextBuyer();
  const template = withoutAll(watcherTemplate, of(watchers));
  await updateStack(fixture, fixture.watcher, { template });
  try {
    const steps = grants.flatMap((grant) => find(MISSED_WHEN, grant) ?? []);
    const own = withoutAll(buyerTemplate, of(buyers));
    const troubles = (await troublesIn(fixture, buyer, own, steps)).join('\n');
    for (const words of wanted) expect(troubles).toMatch(new RegExp(words));
  } finally {
    await updateStack(fixture, fixture.watcher, { template: watcherTemplate });
    await tidyUp(fixture, buyer);
  }
});

// Last, so that it also says that no case before left anything behind.
test('without all that is granted ahead of its need nothing is refused', async () => {
  const ahead = [...watchers, ...buyers].map(keyAhead);
  expect(new Set(ahead)).toEqual(new Set([undefined, ...Object.keys(AHEAD)]));
  const template = withoutAll(watcherTemplate, watchers.filter(keyAhead));
  await updateStack(fixture, fixture.watcher, { template });
  const own = withoutAll(buyerTemplate, buyers.filter(keyAhead));
  expect(await troublesIn(fixture, nextBuyer(), own)).toEqual([]);
});

/** Every needed permission is missing in one of them. */
function lives(): (readonly [names: string, grants: readonly Grant[]])[] {
  const needed = [...watchers, ...buyers].filter((grant) => keyAhead(grant) === undefined);
  const shared = TOGETHER.map((row) =>
    row.map((key) => {
      const [grant, ...others] = needed.filter((each) => keysOf(each).includes(key));
      if (grant === undefined || others.length > 0)
        throw new Error(`${key} names ${others.length === 0 ? 'no' : 'more than one'} permission`);
      return grant;
    }),
  );
  const alone = needed.filter((grant) => !shared.flat().includes(grant)).map((grant) => [grant]);
  return [...shared, ...alone].map((grants) => [
    grants.map((each) => keysOf(each)[0]).join(', '),
    grants,
  ]);
}

/** The policy for readers is nobody's until somebody attaches it: test/docs/audit-table.test.ts takes it apart. */
function inUse(template: string): readonly Grant[] {
  return grantsOf(template).filter(
    (grant) => !showsAtDeployment(grant) && grant.resource !== 'ReaderPolicy',
  );
}

function keyAhead(grant: Grant): string | undefined {
  return keysOf(grant).find((key) => key in AHEAD);
}

/** A regular expression. Of a function's role it says whose refusal it is. */
function consequence(grant: Grant): string {
  const refusal = `not authorized to perform: ${grant.action}`;
  const [, name] = /^(.+)FunctionRole$/.exec(grant.resource) ?? [];
  const kebab = name?.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return (
    find(CONSEQUENCES, grant) ??
    (kebab === undefined ? refusal : `/default-${kebab}/\\S+ is ${refusal}`)
  );
}

function find<Value>(table: Readonly<Record<string, Value>>, grant: Grant): Value | undefined {
  const key = keysOf(grant).find((each) => each in table);
  return key === undefined ? undefined : table[key];
}

function keysOf({ resource, sid, action }: Grant): readonly [string, ...string[]] {
  return [`${resource} ${sid} ${action}`, `${sid} ${action}`, action, resource];
}

let joined = 0;
function nextBuyer(): ScenarioBuyer {
  joined += 1;
  const accountId = String(500_000_000_000 + joined);
  return {
    accountId,
    name: `Buyer ${joined}`,
    email: `it@buyer-${joined}.example`,
    productId: 'suite',
  };
}
