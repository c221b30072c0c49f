import type { Change } from '../../domain/check/changes.ts';
import type { Head } from '../../domain/check/head.ts';
import type {
  CanonicalState,
  ReceivedStatus,
  Standing,
  Usage,
  Verdict,
} from '../../domain/license/contract.ts';
import type { Product } from '../../domain/license/product.ts';
import { licenseStanding } from '../../domain/license/standing.ts';
import type { NoticeEntry } from '../../domain/notice/delivery.ts';
import type { Severity } from '../../domain/notice/notice.ts';
import { lastTold } from '../../domain/notice/settling.ts';
import type { Instant } from '../../domain/time.ts';
import {
  ACCEPT_AND_ACTIVATE,
  ACCEPT_OR_ACTIVATE,
  ACTIVATE,
  GRANTED_LICENSES,
  HANDING_OVER,
  newGrant,
  REPLACING_GRANTS,
  SUBSCRIPTIONS_PAGE,
} from '../aws-sentences.ts';
import { date, dayAndTime } from '../dates.ts';
import type { BuyerMail } from '../mail.ts';
import type { Subject } from '../subject.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { productName } from '../text.ts';

/** One fact that a mail tells, in the words of its reader. */
export interface News {
  /** The point: verb, number, date; at most 40 characters if it has no name. A buyer reads it first, then product and buyer. */
  readonly subject: Subject;
  /** The same with fewer words, for when names need the space. */
  readonly shorter?: Subject;
  /** What happened or happens, and when; whole sentences. */
  readonly sentence: string;
  /** What only the buyer's own mail adds to the sentence. */
  readonly more?: string;
  /** What it means for the reader. Absent, as of the steps and rows: nothing. */
  readonly means?: readonly string[];
  /** What to do, and where. */
  readonly steps?: readonly Step[];
  readonly rows?: readonly Row[];
  /** What AWS answered, literally, for whoever must fix it. */
  readonly seen?: string;
  /**
   * The subjects that this news is about. A later fact about one of them makes this one old: it is still told, but no longer says what
   * holds and what to do.
   */
  readonly about: readonly About[];
  /** True if this says how things were found, not that they changed: it is not counted among the other news. */
  readonly isBaseline?: boolean;
  /** What the seller can do about it, in a digest; most of the steps are the buyer's. */
  readonly forSeller?: string;
}

export type About =
  | 'watch'
  | 'mail'
  | 'standing'
  | 'term'
  | 'purchase'
  | 'licenses'
  | 'foreign licenses'
  | `license ${string}`
  | 'checkout'
  | 'renewal'
  | `agreement ${string}`
  | `disagreement of ${string}`
  | `usage of ${string}`;

/** A sentence, followed by numbered moves if it takes several. */
export type Step = string | { readonly text: string; readonly moves: readonly string[] };

/** A line of the table of what was and what is. */
export interface Row {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** News of an entry, with its severity for the reader. */
export interface ToldNews extends News {
  readonly severity: Severity;
  readonly entry: NoticeEntry;
}

/** The context in which a change is told. */
export interface Setting {
  readonly entry: NoticeEntry;
  readonly product: Product;
  readonly now: Instant;
  readonly voice: Voice;
  readonly present: Present;
  /** As in `BuyerMail`. */
  readonly isWithoutStack?: boolean;
}

/** What is known about a contract at the moment of telling. A mail gives facts as of then, whenever its entry was written (rule 12). */
export interface Present {
  readonly state: CanonicalState;
  readonly standing: Standing;
  readonly verdict: Verdict;
  readonly usage: Usage | null;
  /** Null: never. */
  readonly lastSeen: Instant | null;
  /** True if nobody can look at present: all this is as last seen, and nothing later is known. */
  readonly isBlind: boolean;
  /** Read from the seller's own account, so it is known even if the buyer's account cannot be read. */
  readonly agreements: Head['agreements'];
}

/** The state that people were last told (rule 10): bad news that is still settling must not show before its own notice. */
export function presentOf({ head, lastSeen }: Pick<BuyerMail, 'head' | 'lastSeen'>): Present {
  const { blind, verdict, usage, agreements } = head;
  const { state, standing } = lastTold(head);
  return { state, standing, verdict, usage, lastSeen, isBlind: blind !== null, agreements };
}

/** The words for the license and the account, as the reader knows them. */
export interface Voice {
  readonly license: string;
  readonly account: string;
}

/** `your license of Design Suite`. */
export function buyerVoice(product: Pick<Product, 'name' | 'id'>): Voice {
  return {
    license: `your license of ${productName(product)}`,
    account: 'your account',
  };
}

/** For texts in which buyer and product stand above each fact. */
export const SELLER_VOICE: Voice = {
  license: 'the license',
  account: "the buyer's account",
};

export type Of<Type extends Change['type']> = Extract<Change, { type: Type }>;

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `... on 2027-02-01 00:00 UTC` if AWS says when, else when it was seen, which is all that is known. */
export function dated(fact: string, { entry }: Pick<Setting, 'entry'>): string {
  return entry.effectiveAt === null
    ? `${fact}; seen on ${dayAndTime(entry.observedAt)}.`
    : `${fact} on ${dayAndTime(entry.effectiveAt)}.`;
}

/** The same for a subject, after its verb: ` on 2027-02-01`, `, seen 2027-02-01`. */
export function shortDate({ entry }: Pick<Setting, 'entry'>): string {
  return entry.effectiveAt === null
    ? `, seen ${date(entry.observedAt)}`
    : ` on ${date(entry.effectiveAt)}`;
}

/** When the next license begins. Undefined: AWS is still making it available, whatever its dates say. */
export function nextBegin({ entry }: Pick<Setting, 'entry'>): Instant | undefined {
  const begins = entry.after
    .map(({ validity }) => validity.begin)
    .filter((begin) => begin > entry.observedAt);
  return begins.toSorted()[0];
}

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  none: 'no license found',
  'not-activated': 'not activated',
  upcoming: 'not begun',
  'in-force': 'in force',
  suspended: 'suspended',
  deactivated: 'deactivated by its issuer',
  canceled: 'canceled',
  ended: 'ended',
};

/** For an end that has passed, and of which nobody knows yet whether a renewal follows. */
export function ifNotRenewed(product: Pick<Product, 'renewalUrl'>): string {
  return `If you still need it, and did not renew it minutes ago, renew at ${purchasePlace(product)}`;
}

/** Where a buyer renews or buys more. */
export function purchasePlace({ renewalUrl }: Pick<Product, 'renewalUrl'>): string {
  return renewalUrl === null ? SUBSCRIPTIONS_PAGE : cleanText(renewalUrl, 500);
}

export function askForOffer({ contact }: Pick<Product, 'contact'>): string {
  return `ask ${cleanText(contact, 200)} for a private offer`;
}

export function askSomebody({ contact }: Pick<Product, 'contact'>): string {
  return `ask ${cleanText(contact, 200)}`;
}

/** The end of a license's ARN, which identifies it in AWS's console. */
export function licenseTail(licenseArn: string): string {
  return `...${cleanText(licenseArn).slice(-8)}`;
}

/** What a buyer does about a grant in each state that keeps a license from being used. */
const ACTIVATION: Readonly<Record<Exclude<ReceivedStatus, 'ACTIVE'>, string | null>> = {
  PENDING_ACCEPT: ACCEPT_AND_ACTIVATE,
  DISABLED: ACTIVATE,
  PENDING_WORKFLOW: null,
  WORKFLOW_COMPLETED: ACTIVATE,
  REJECTED: null,
  FAILED_WORKFLOW: null,
  DELETED: null,
};

const WAITING: ReadonlySet<ReceivedStatus> = new Set(['PENDING_WORKFLOW']);

/** The steps that make licenses that wait for their grant usable. */
export function activationSteps(
  state: CanonicalState,
  at: Instant,
  product: Product,
): readonly Step[] {
  const waiting = state.filter((license) => licenseStanding(license, at) === 'not-activated');
  const steps = waiting.map(({ licenseArn, receivedStatus }): Step => {
    const choice = receivedStatus === 'ACTIVE' ? null : ACTIVATION[receivedStatus];
    if (choice !== null) return activation(licenseTail(licenseArn), choice);
    return WAITING.has(receivedStatus)
      ? HANDING_OVER
      : `${newGrant(receivedStatus.toLowerCase().replace('_', ' '))} If you need help, ${askSomebody(product)}`;
  });
  return steps.length > 0 ? steps : [activation(null, ACCEPT_OR_ACTIVATE)];
}

function activation(tail: string | null, choice: string): Step {
  return {
    text: 'Activate the license:',
    moves: [
      GRANTED_LICENSES,
      `Choose the license${tail === null ? '' : ` whose ID ends in ${tail}`}, then the name of its grant.`,
      `${choice} ${REPLACING_GRANTS}`,
    ],
  };
}
