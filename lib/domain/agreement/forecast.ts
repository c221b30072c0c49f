import { earliest, type Instant } from '../time.ts';
import { type Agreement, AGREEMENT_LIVES } from './agreement.ts';
import type { Renewal } from './agreement-facts.ts';
import { isOpen } from './watch-status.ts';
import {
  agreementOf,
  changeableUntil,
  type EndingLicense,
  intentOf,
  type RenewalIntent,
  unknownIntent,
  decisionDeadline,
} from './renewal-intent.ts';

/** What is expected to happen at an end, by how much is at risk. */
export const RISKS = ['renews', 'undecided', 'will-not', 'not-watched', 'lapsed'] as const;
export type Risk = (typeof RISKS)[number];

export interface EndForecast {
  readonly risk: Risk;
  /** What AWS says today; null: the purchase is over, and there is nothing left to say. */
  readonly intent: RenewalIntent | null;
  /** The instant until which either party can change it; null: there is none, or it is not known. */
  readonly decideBy: Instant | null;
}

const RISK_OF = {
  renews: 'renews',
  // The contract goes on by itself, on other terms.
  replaced: 'renews',
  expires: 'will-not',
  'no-end': 'undecided',
  unknown: 'undecided',
} as const satisfies Readonly<Record<RenewalIntent['kind'], Risk>>;

/** The forecast of the agreement that the license comes from. Where none is known, the end is undecided. */
export function forecastOf(license: EndingLicense, ofContract: readonly Agreement[]): EndForecast {
  const found = agreementOf(license, ofContract);
  return typeof found === 'string'
    ? { risk: 'undecided', intent: unknownIntent(found), decideBy: null }
    : { ...endSaidOf(found), risk: RISK_OF[intentOf(found).kind] };
}

/** The ends of purchases that nobody watches: those still to come of agreements that go on, or else the last end of those that are over. */
export function purchaseEnds(
  ofContract: readonly Agreement[],
  now: Instant,
): readonly (EndForecast & { readonly at: Instant })[] {
  const open = ofContract.filter(isOpen);
  if (open.length > 0)
    return open.flatMap((agreement) =>
      agreement.end === null || agreement.end <= now
        ? []
        : [{ at: agreement.end, ...endSaidOf(agreement), risk: 'not-watched' as const }],
    );
  const ended = ofContract.filter(({ status }) => AGREEMENT_LIVES[status] === 'ended');
  const lapsed = ended.flatMap(({ end, updatedAt }) => earliest([end, updatedAt]) ?? []);
  const last = lapsed.toSorted().at(-1);
  return last === undefined || last > now
    ? []
    : [{ at: last, intent: null, decideBy: null, risk: 'lapsed' }];
}

export function endSaidOf(agreement: Agreement): Renewal {
  const intent = intentOf(agreement);
  return { intent, decideBy: changeableUntil(intent, decisionDeadline(agreement)) };
}

const MONTHS = 12;

/** The twelve months of the pipeline, from this one on: `2027-01` to `2027-12`. */
export function pipelineMonths(now: Instant): readonly string[] {
  const [year = 0, month = 1] = now.split('-').map(Number);
  return Array.from({ length: MONTHS }, (_, ahead) => {
    const of = month - 1 + ahead;
    return `${year + Math.floor(of / MONTHS)}-${String((of % MONTHS) + 1).padStart(2, '0')}`;
  });
}
