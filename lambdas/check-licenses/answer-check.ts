import { endOf } from '../../lib/domain/license/canonical-state.ts';
import type { ObservingSession, TickBook } from '../../lib/domain/ports.ts';
import type { Instant } from '../../lib/domain/time.ts';
import {
  type RegisteredBuyer,
  watchedBuyer,
  dueToCheck,
} from '../../lib/domain/registration/buyer.ts';
import { withoutSecret } from '../../lib/domain/registration/self-test.ts';
import { allQuoted, cleanText } from '../../lib/domain/outside-text.ts';
import { observationWords } from '../../lib/mail/observation-words.ts';
import type {
  Call,
  CheckAnswer,
  CheckRequest,
  CheckedContract,
  Refusal,
} from '../../lib/messages/requests.ts';
import { checkBuyer, enqueueNotices } from './check-buyer.ts';
import type { Checked } from './decide-on-look.ts';
import type { Dependencies } from './dependencies.ts';

export interface RequestDependencies extends Dependencies {
  readonly ticks: Pick<TickBook, 'countFailure' | 'lastSweep' | 'worst'>;
  /** Returns the calls that the sessions opened here made since it was last called. */
  readonly takeCalls: () => readonly Omit<Call, 'productId'>[];
}

/** Looks at one buyer's contracts on request, as a check of a sweep does, and tells what happened. */
export async function answerCheck(
  request: CheckRequest,
  requestId: string,
  deps: RequestDependencies,
): Promise<CheckAnswer> {
  const { buyerAccountId, dryRun } = request;
  const refused = ({ problem, words }: Refusal): CheckAnswer => ({
    format: 1,
    request: 'check',
    outcome: 'refused',
    buyerAccountId,
    problem,
    words,
  });
  const watched = watchedBuyer(await deps.buyers.find(buyerAccountId), buyerAccountId);
  if (watched.kind === 'refused') return refused(watched);
  const { buyer } = watched;
  const productIds = productsOf(request, buyer, deps);
  if (!Array.isArray(productIds)) return refused(productIds);

  const calls: Call[] = [];
  const asked = requestedDependencies(deps, dryRun, calls);
  const tick = await tickOf(buyer, deps);
  const checkId = `request-${requestId}`;
  const due = dueToCheck(buyer, productIds, deps.now());
  const checked = await checkBuyer(
    { ...due, probe: due.probe && !dryRun },
    { tick, checkId, asked: true },
    asked,
  );
  await enqueueNotices(
    checked.flatMap(({ outcome }) => outcome.due),
    asked,
  );
  const answer: CheckAnswer = {
    format: 1,
    request: 'check',
    outcome: 'checked',
    buyerAccountId,
    buyerName: buyer.name,
    dryRun,
    checkId,
    tick,
    calls,
    contracts: checked.map(contractOf),
  };
  return withoutSecret(answer, buyer.externalId);
}

function productsOf(
  request: CheckRequest,
  buyer: RegisteredBuyer,
  { settings }: RequestDependencies,
): string[] | Refusal {
  const watched = settings.products.filter(
    ({ id, retired }) => !retired && buyer.productIds.includes(id),
  );
  const known = watched.map(({ id }) => id);
  const unknown = request.productIds.filter((id) => !known.includes(id));
  const has = known.length === 0 ? 'no product that is watched' : known.join(', ');
  if (unknown.length === 0 && known.length > 0)
    return request.productIds.length === 0 ? known : [...new Set(request.productIds)];
  return {
    problem: 'unknown-product',
    words: `${buyer.buyerAccountId} is watched for ${has}${unknown.length === 0 ? '' : `, not for ${allQuoted(unknown)}`}: "license-watcher invite" adds a product of cdk.json`,
  };
}

/**
 * The tick of the last sweep. A count moves once per tick, so repeated requests cannot make a problem appear to last three ticks. Before
 * the first sweep after a registration, the tick is the registration's instant: a watch that ended earlier begins anew.
 */
async function tickOf(
  { registration }: RegisteredBuyer,
  { ticks }: RequestDependencies,
): Promise<Instant> {
  const last = await ticks.lastSweep();
  return last === undefined || last.tick < registration.registeredAt
    ? registration.registeredAt
    : last.tick;
}

/** The dependencies of a sweep's check, with every call recorded. A dry run writes nothing. */
function requestedDependencies(
  deps: RequestDependencies,
  dryRun: boolean,
  calls: Call[],
): Dependencies {
  const take = (productId: string | null) => {
    calls.push(...deps.takeCalls().map((call) => ({ ...call, productId })));
  };
  const { contracts } = deps;
  return {
    ...deps,
    // A failure raises no alarm here: the person who asked gets it as the answer.
    meter: { measure: () => undefined },
    openSession: async (buyer, signal) => {
      const session = await deps.openSession(buyer, signal);
      take(null);
      return session.kind === 'open' ? recordedSession(session, dryRun, take) : session;
    },
    ...(dryRun && {
      contracts: {
        head: contracts.head,
        record: () => Promise.resolve(true),
        ...WITHOUT_FAILURES,
      },
      lastSeen: { of: deps.lastSeen.of, seen: () => Promise.resolve(true) },
      usage: { of: (contract) => deps.usage.of(contract), put: () => Promise.resolve(true) },
      sendNotices: () => Promise.resolve([]),
    }),
  };
}

/** A dry run does not record failures either. */
const WITHOUT_FAILURES: Pick<Dependencies['contracts'], 'failed' | 'worksAgain'> = {
  failed: () => Promise.resolve(),
  worksAgain: () => Promise.resolve(false),
};

function recordedSession(
  session: ObservingSession,
  dryRun: boolean,
  take: (productId: string) => void,
): ObservingSession {
  return {
    kind: 'open',
    observe: async (look) => {
      const observation = await session.observe(look);
      take(look.product.id);
      if (!dryRun || observation.kind !== 'seen') return observation;
      return {
        ...observation,
        probe: { outcome: 'not-probed', untried: 'left-out', reason: 'a dry run takes none' },
      };
    },
    readVersions: async (product, ...rest) => {
      const versions = await session.readVersions(product, ...rest);
      take(product.id);
      return versions;
    },
  };
}

function contractOf({ toCheck, observation, outcome }: Checked): CheckedContract {
  if (
    outcome.kind !== 'decided' ||
    observation.kind === 'not-looked' ||
    observation.kind === 'topic' ||
    observation.kind === 'said' ||
    observation.kind === 'left'
  )
    throw new Error(
      `${toCheck.contract}: expected a look and a decision, got ${observation.kind}, ${outcome.kind}`,
    );
  const { decision, entry, leftToSweeps } = outcome;
  const { standing, verdict, state } = decision.head;
  const decideBy = entry?.reminder?.decideBy;
  return {
    productId: toCheck.product.id,
    productName: toCheck.product.name,
    observed: observation.kind,
    observation: observationWords(observation),
    standing,
    end: endOf(state),
    verdict,
    reason: cleanText(decision.reason, 2_000),
    recorded: {
      entry: entry?.entry ?? null,
      changes: (entry?.changes ?? []).map(({ type, reason }) => ({
        type,
        reason: cleanText(reason, 1_000),
      })),
      daysBefore: entry?.reminder?.daysBefore ?? null,
      ...(decideBy !== undefined && { decideBy }),
      notices: decision.notices.map(({ audience, kind, state: of, notBefore }) => ({
        audience,
        kind,
        state: of,
        notBefore,
      })),
      leftToSweeps,
    },
  };
}
