import { earliest, type Instant } from '../time.ts';
import { type Agreement, decisionDeadline, hasEndedStatus } from './agreement.ts';
import type { Renewal } from './agreement-facts.ts';
import { isOpen } from './census.ts';
import {
  agreementOf,
  changeableUntil,
  type EndingLicense,
  intentOf,
  type RenewalIntent,
  unknownIntent,
} from './renewal-intent.ts';

/** What becomes of an end, by what is at risk. */
export const RISKS = ['renews', 'undecided', 'will-not', 'not-watched', 'lapsed'] as const;
export type Risk = (typeof RISKS)[number];

export interface EndForecast {
  readonly risk: Risk;
  /** What AWS says today; null: it is over, and there is nothing left to say. */
  readonly intent: RenewalIntent | null;
  /** Until when either party can change that; null: there is no such day, or it is not known. */
  readonly decideBy: Instant | null;
}

const RISK_OF = {
  renews: 'renews',
  // It goes on by itself, on other terms.
  replaced: 'renews',
  expires: 'will-not',
  'no-end': 'undecided',
  unknown: 'undecided',
} as const satisfies Readonly<Record<RenewalIntent['kind'], Risk>>;

/** Of the agreement that the license comes from; where none is known, nothing is. */
export function forecastOf(license: EndingLicense, ofContract: readonly Agreement[]): EndForecast {
  const found = agreementOf(license, ofContract);
  return typeof found === 'string'
    ? { risk: 'undecided', intent: unknownIntent(found), decideBy: null }
    : { ...endSaidOf(found), risk: RISK_OF[intentOf(found).kind] };
}

/** Ends of what was bought and nobody watches: of what goes on; where nothing does, of what ended last. */
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
  const ended = ofContract.filter(({ status }) => hasEndedStatus(status));
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

/** The months of the pipeline, `2027-01` to `2027-12`: this one and those that follow. */
export function pipelineMonths(now: Instant): readonly string[] {
  const [year = 0, month = 1] = now.split('-').map(Number);
  return Array.from({ length: MONTHS }, (_, ahead) => {
    const of = month - 1 + ahead;
    return `${year + Math.floor(of / MONTHS)}-${String((of % MONTHS) + 1).padStart(2, '0')}`;
  });
}
