import type { Agreement } from '../../../../lib/domain/agreement/agreement.ts';
import type { Filed } from '../../../../lib/seller/ledger/archive.ts';
import type { Buyer } from '../../../../lib/domain/registration/buyer.ts';
import { standingOf } from '../../../../lib/domain/license/canonical-state.ts';
import { contractOf } from '../../../../lib/domain/license/contract.ts';
import type { Head } from '../../../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../../../lib/domain/ledger/ledger.ts';
import type { SeenUsage } from '../../../../lib/domain/check/seen-usage.ts';
import type { LastSeen } from '../../../../lib/domain/check/last-seen.ts';
import type { Unrecorded } from '../../../../lib/domain/check/unrecorded.ts';
import type { NoteText } from '../../../../lib/domain/ledger/note.ts';
import type { BuyerReachability } from '../../../../lib/domain/notice/reachability.ts';
import type { Notice } from '../../../../lib/domain/notice/notice.ts';
import { DAY, plus } from '../../../../lib/domain/time.ts';
import { readReport, type ReportSources } from '../../../../lib/seller/report/read-report.ts';
import type { ReportModel } from '../../../../lib/seller/report/model-shape.ts';
import { ModelView } from '../../../../lib/seller/report/view/model-view.ts';
import { aKeptAgreement } from '../../../support/agreements.ts';
import { aBuyer, aHead, NOW, REGISTERED } from '../../../support/records.ts';
import type { Outlined } from '../../../../lib/domain/ports.ts';

export interface Records {
  readonly buyers?: readonly Buyer[];
  readonly heads?: readonly Head[];
  readonly entries?: readonly SealedEntry[];
  readonly notices?: readonly Notice[];
  /** Of every head, unless told otherwise: just now. */
  readonly lastSeen?: readonly LastSeen[];
  readonly unrecorded?: readonly Unrecorded[];
  readonly notes?: readonly NoteText[];
  readonly usage?: readonly SeenUsage[];
  readonly reachability?: readonly BuyerReachability[];
  readonly agreements?: readonly Agreement[];
  readonly unreadable?: readonly Extract<Filed, { kind: 'unreadable' }>[];
}

/** One buyer in force and nothing else, unless told otherwise. */
export function sources({
  buyers = [aBuyer()],
  heads = [aHead()],
  entries = [],
  notices = [],
  unreadable = [],
  unrecorded = [],
  notes = [],
  usage = [],
  reachability = [],
  agreements = [],
  lastSeen = heads.map(({ contract }) => ({ contract, since: REGISTERED, at: NOW, excused: null })),
}: Records = {}): ReportSources {
  const ofAccount = (account: string) => (each: { readonly contract: Head['contract'] }) =>
    contractOf(each.contract).buyerAccountId === account;
  return {
    deployment: 'default',
    region: 'us-east-1',
    sellerAccountId: '999900001111',
    productIds: ['design-suite', 'viewer'],
    agreements: { all: () => each(agreements.map((agreement) => aKeptAgreement({}, agreement))) },
    register: {
      eachBuyer: ({ scanned } = {}) => {
        scanned?.(buyers.length);
        return each(
          buyers.map((buyer) => ({
            buyerAccountId: buyer.buyerAccountId,
            buyer,
            heads: heads.filter(ofAccount(buyer.buyerAccountId)),
            unrecorded: unrecorded.filter(ofAccount(buyer.buyerAccountId)),
            notes: notes.filter(ofAccount(buyer.buyerAccountId)),
            usage: usage.filter(ofAccount(buyer.buyerAccountId)),
            notices: notices.filter(ofAccount(buyer.buyerAccountId)),
            reachability: reachability.find(
              ({ buyerAccountId }) => buyerAccountId === buyer.buyerAccountId,
            ),
            lastSeen: lastSeen.filter(ofAccount(buyer.buyerAccountId)),
          })),
        );
      },
    },
    archive: {
      outlines: (productId, since, until) =>
        each<Outlined>([
          ...entries
            .filter(
              (entry) =>
                entry.productId === productId &&
                entry.observedAt >= since &&
                entry.observedAt < until,
            )
            .map((outline) => ({ kind: 'outline', outline }) as const),
          ...unreadable.filter(({ contract }) => contract.endsWith(`#${productId}`)),
        ]),
      // The entry before may be none of these: this one knows the state that it left.
      standings: (wanted) =>
        Promise.resolve(
          wanted.map(({ contract, entry }) => {
            const next = entries.find((e) => e.contract === contract && e.entry === entry + 1);
            if (!next?.before) return undefined;
            return standingOf(next.before, next.seenBetween.after ?? next.observedAt);
          }),
        ),
    },
  };
}

export function modelOf(records: Records = {}): Promise<ReportModel> {
  return readReport(sources(records), { now: NOW, since: plus(NOW, -730 * DAY) });
}

export async function viewOf(records: Records = {}): Promise<ModelView> {
  return new ModelView(await modelOf(records));
}

async function* each<Item>(items: readonly Item[]): AsyncIterable<Item> {
  yield* await Promise.resolve(items);
}
