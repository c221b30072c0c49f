import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScenarioBuyer } from '../../../../../lib/workbench/scenarios/scenario-run.ts';
import { BUYER_STACK_NAME, watcherStackName } from '../../../../../lib/messages/names.ts';
import { scenarioAssembly } from '../../../../support/assembly.ts';
import {
  everything,
  NOT_KEPT,
  NOT_SEEN,
  type Step,
  tidyUp,
} from '../../../../support/everything.ts';
import { grantsOf, showsAtDeployment, type Grant } from '../../../../support/grants.ts';
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

/** Not missed by who joins and is swept: what has to happen then, so that a case need not go through all that comes before it. */
const MISSED_WHEN: Readonly<Record<string, Step>> = {
  'KeepLostTicks sqs:SendMessage': 'a tick fails',
  'AlarmsPublish sns:Publish': 'an alarm goes off',
  'TellSeller sns:GetTopicAttributes': 'the seller tries a notice',
  'TellBuyers sns:GetTopicAttributes': 'the seller tries a notice',
  'SendNoticesFunctionRole WatchPartitions dynamodb:Query': 'it is Monday',
  'LedgerIndexes dynamodb:Query': 'it is Monday',
  'SendNoticesFunctionRole Watch dynamodb:PutItem': 'the topic refuses an upgrade',
  'TellOperations sns:Publish': 'an unknown tier is not recorded at first',
  'SendNoticesFunctionRole SendChecks sqs:SendMessage': 'the buyer unsubscribes',
  'sns:ListSubscriptionsByTopic': 'the buyer unsubscribes',
  'RegisterBuyerFunctionRole Watch dynamodb:Query': 'the buyer leaves',
  'RegisterBuyerFunctionRole Ledger dynamodb:PutItem': 'the buyer leaves',
};

// One cloud for all: the policies of a stack that stands are changed in place, and every case has a buyer of its own.
let fixture: WatcherFixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

describe('without', () => {
  test.each(needed(watcherTemplate))('the watcher’s $resource $sid $action', async (grant) => {
    const buyer = nextBuyer();
    await updateStack(fixture, fixture.watcher, { template: grant.without() });
    try {
      const troubles = await firstTroubles(buyer, buyerTemplate, find(MISSED_WHEN, grant));
      expect(troubles.join('\n')).toContain(consequence(grant));
    } finally {
      await updateStack(fixture, fixture.watcher, { template: watcherTemplate });
      await tidyUp(fixture, buyer);
    }
  });

  test.each(needed(buyerTemplate))('the buyer’s $resource $sid $action', async (grant) => {
    const buyer = nextBuyer();
    try {
      const troubles = await firstTroubles(buyer, grant.without(), find(MISSED_WHEN, grant));
      expect(troubles.join('\n')).toContain(consequence(grant));
    } finally {
      await tidyUp(fixture, buyer);
    }
  });

  // Last, so that it also says that no case before left anything behind.
  test('all that is granted ahead of its need, nothing is refused', async () => {
    const ahead = [watcherTemplate, buyerTemplate].flatMap(inUse).map(keyAhead);
    expect(new Set(ahead)).toEqual(new Set([undefined, ...Object.keys(AHEAD)]));
    await updateStack(fixture, fixture.watcher, { template: withoutAhead(watcherTemplate) });
    expect(await firstTroubles(nextBuyer(), withoutAhead(buyerTemplate))).toEqual([]);
  });
});

/** The policy for readers is nobody's until somebody attaches it: test/docs/audit-table.test.ts takes it apart. */
function inUse(template: string): readonly Grant[] {
  return grantsOf(template).filter(
    (grant) => !showsAtDeployment(grant) && grant.resource !== 'ReaderPolicy',
  );
}

function needed(template: string): readonly Grant[] {
  return inUse(template).filter((grant) => keyAhead(grant) === undefined);
}

function withoutAhead(template: string): string {
  const grant = inUse(template).find((each) => keyAhead(each) !== undefined);
  return grant === undefined ? template : withoutAhead(grant.without());
}

function keyAhead(grant: Grant): string | undefined {
  return keysOf(grant).find((key) => key in AHEAD);
}

function consequence(grant: Grant): string {
  return find(CONSEQUENCES, grant) ?? `not authorized to perform: ${grant.action}`;
}

function find<Value>(table: Readonly<Record<string, Value>>, grant: Grant): Value | undefined {
  const key = keysOf(grant).find((each) => each in table);
  return key === undefined ? undefined : table[key];
}

function keysOf({ resource, sid, action }: Grant): readonly string[] {
  return [action, `${sid} ${action}`, `${resource} ${sid} ${action}`];
}

/** Of the first step of a buyer's life in which something went wrong. */
async function firstTroubles(
  buyer: ScenarioBuyer,
  template: string,
  from?: Step,
): Promise<readonly string[]> {
  for await (const troubles of everything(fixture, buyer, template, from))
    if (troubles.length > 0) return troubles;
  return [];
}

let buyers = 0;
function nextBuyer(): ScenarioBuyer {
  buyers += 1;
  const accountId = String(500_000_000_000 + buyers);
  return {
    accountId,
    name: `Buyer ${buyers}`,
    email: `it@buyer-${buyers}.example`,
    productId: 'suite',
  };
}
