import { type BlindCause, NOT_IN_SETTINGS, UNFINISHED } from '../../domain/check/observation.ts';
import { endOf } from '../../domain/license/canonical-state.ts';
import type { Standing } from '../../domain/license/contract.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import type { Instant } from '../../domain/time.ts';
import { CREATE_ROLE, ENABLE_REGION, forbiddenByPolicy, ROLE_MISSING } from '../aws-sentences.ts';
import { date, dayAndTime, dateWithDistance } from '../dates.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { canBeUsed, HAS_ENDED } from './meanings.ts';
import {
  endsUnlessDecided,
  hint,
  renewalForSeller,
  renewalMeans,
  renewalSteps,
} from './renewal-words.ts';
import {
  askSomebody,
  capital,
  ifNotRenewed,
  nextBegin,
  type News,
  type Of,
  type Setting,
  STANDING_WORDS,
  type Present,
} from './news.ts';
import { afterTheEnd, meansNow, whileUnusable } from './standing-news.ts';

/** News of the first look: a baseline, which is the welcome in the buyer's mail. */
export function startedNews({ after }: Of<'WatchStarted'>, setting: Setting): News {
  const { voice, entry, present } = setting;
  const standing = after.standing ?? 'none';
  const [short, shorter] = present.isBlind
    ? asConfirmed(present)
    : asSeen(present, nextBegin(setting));
  return {
    subject: [`notices begin, ${short}`],
    shorter: [`notices begin, ${shorter}`],
    sentence:
      standing === 'none'
        ? `We have been looking for ${voice.license} since ${dayAndTime(entry.observedAt)}. At the first look there was none yet.`
        : `${capital(voice.license)} has been watched since ${dayAndTime(entry.observedAt)}. ${foundSentence(standing, setting)}`,
    ...asFound(standing, setting),
    about: ['watch', 'standing', 'term'],
    isBaseline: true,
  };
}

/** What the first look found means, and what it asks for: no less than the change that would have brought it. */
function asFound(
  standing: Standing,
  setting: Setting,
): Pick<News, 'means' | 'steps' | 'forSeller'> {
  const { product, entry, present, now } = setting;
  switch (standing) {
    case 'in-force': {
      const end = endOf(present.state);
      const renewal = endsUnlessDecided(present, now);
      const isOver = !present.isBlind && end !== null && end <= now;
      return {
        means: [...canBeUsed(present), ...atTheEnd(setting)],
        // That it has ended is told once a look has confirmed it.
        steps: isOver
          ? [ifNotRenewed(product)]
          : renewal === null
            ? []
            : renewalSteps(renewal, setting),
        ...(renewal === null || end === null ? {} : hint(renewalForSeller(end, setting))),
      };
    }
    case 'upcoming':
      return { means: meansNow(standing, setting) };
    case 'suspended':
    case 'deactivated':
    case 'canceled':
      return whileUnusable(standing, product);
    case 'ended':
      // The reminder of the day after has steps of its own.
      return {
        means: [HAS_ENDED],
        ...(entry.reminder === null && { steps: afterTheEnd(product) }),
      };
    case 'none':
    case 'not-activated':
      // `LicenseNotActivated`, of the same look, says what to do.
      return {};
  }
}

function atTheEnd(setting: Setting): readonly string[] {
  const { state, standing } = setting.present;
  const means = standing === 'in-force' ? renewalMeans(endOf(state), setting) : null;
  return means === null ? [] : [means];
}

/** The words for a subject, in full and with fewer words. `begin`: of a term that had not begun. */
function asSeen({ standing, state }: Present, begin?: Instant): readonly [string, string] {
  const end = endOf(state);
  const words = standing === 'none' ? 'no license yet' : STANDING_WORDS[standing];
  if (standing === 'upcoming' && begin !== undefined) return [`term from ${date(begin)}`, words];
  if (standing !== 'in-force') return [words, words];
  return end === null ? ['no end', words] : [`ends ${date(end)}`, `ends ${date(end)}`];
}

function asConfirmed(present: Present): readonly [string, string] {
  const { standing, state, lastSeen } = present;
  const last = lastSeen === null ? 'never seen' : `seen ${date(lastSeen)}`;
  const end = standing === 'in-force' ? endOf(state) : null;
  const [words] = asSeen(present);
  return [`${end === null ? words : `was to end ${date(end)}`}, ${last}`, last];
}

function foundSentence(
  standing: Exclude<Standing, 'none'>,
  { entry, present, now }: Setting,
): string {
  if (standing === 'ended') return 'At the first look its term had ended.';
  if (standing === 'upcoming') {
    const begin = nextBegin({ entry });
    return `At the first look its term had not begun${begin === undefined ? '' : `; it begins on ${dayAndTime(begin)}`}.`;
  }
  const end = endOf(entry.after);
  const found = `At the first look it was ${STANDING_WORDS[standing]}`;
  if (standing !== 'in-force') return `${found}.`;
  if (end === null) return `${found}, without an end.`;
  const isStill = !present.isBlind && endOf(present.state) === end;
  return `${found}; the end of its term: ${isStill ? dateWithDistance(end, now) : dayAndTime(end)}.`;
}

export function endedNews({ reason }: Of<'WatchEnded'>, { voice, entry }: Setting): News {
  return {
    subject: [`watch ended ${date(entry.observedAt)}`],
    sentence: `The watch of ${voice.license} ended on ${dayAndTime(entry.observedAt)}: ${cleanText(reason, 300)}.`,
    means: ['Nothing more is seen of it, and nobody is reminded of its end. The ledger is kept.'],
    about: ['watch'],
  };
}

/** The cause in each case, and its remedy. Only the buyer can apply it. */
export const REMEDIES: Readonly<
  Record<BlindCause, { readonly cause: string; readonly remedy: string }>
> = {
  'role-missing-or-untrusting': {
    cause:
      'the role that the License Watcher stack made for it is gone, or does not let it in any more',
    remedy: forbiddenByPolicy('resource control policy', 'sts:AssumeRole from other accounts'),
  },
  'wrong-account': {
    cause: 'the role it was given is not the one of this account',
    remedy:
      'Create the License Watcher stack in the account that was invited, with the parameters of the invitation.',
  },
  'permission-missing': {
    cause: 'the role may no longer read licenses',
    remedy: forbiddenByPolicy(
      'permissions boundary and no service control policy',
      'license-manager:ListReceivedLicenses and license-manager:GetLicense',
    ),
  },
  'service-linked-role-missing': {
    cause: ROLE_MISSING,
    remedy: CREATE_ROLE,
  },
  'region-disabled': {
    cause: 'the Region in which it asks is switched off in this account',
    remedy: ENABLE_REGION,
  },
};

/** For buyers who made role and topic without our stack and have none to recreate. */
const WITHOUT_STACK: Partial<Record<BlindCause, string>> = {
  'role-missing-or-untrusting':
    'See that no service control policy forbids sts:AssumeRole on its role. If none does, make the role again as the buyer template has it, with the ExternalId of the invitation.',
  'wrong-account':
    'Make the role in the account that was invited, and have the seller register it.',
  'permission-missing':
    'See that no permissions boundary and no service control policy forbids license-manager:ListReceivedLicenses and license-manager:GetLicense. If none does, allow the role what the buyer template allows its reading role.',
};

const CAUSES_WITHOUT_STACK: Partial<Record<BlindCause, string>> = {
  'role-missing-or-untrusting':
    'the role that was made for it is gone, or does not let it in any more',
};

/** The remedy for this buyer. */
export function remedyFor(
  cause: BlindCause,
  { registration }: Pick<Buyer, 'registration'>,
): string {
  return remedyOf(cause, registration?.stackId === null);
}

function remedyOf(cause: BlindCause, isWithoutStack: boolean): string {
  return (isWithoutStack ? WITHOUT_STACK[cause] : undefined) ?? REMEDIES[cause].remedy;
}

/**
 * A recorded detail, to be shown beside one of `REMEDIES`: its own short remedy at the end is removed, because it would be a second one.
 */
export function whatWasSeen(detail: string): string {
  const end = detail.lastIndexOf('; remedy: ');
  return cleanText(end === -1 ? detail : detail.slice(0, end), 400);
}

interface Trouble {
  readonly cause: string;
  /** What the seller or operations can do. */
  readonly remedy: string;
}

/** Cases in which AWS answers and the look fails all the same, recognized by the text of the detail. */
const TROUBLES: readonly (Trouble & { readonly says: string })[] = [
  {
    says: ' cannot be read: ',
    cause: 'something in the license is not as this version of the watcher reads it',
    remedy:
      'Deploy the newest version of License Watcher. If it stays, report it to the maintainers of License Watcher, with what was seen.',
  },
  {
    says: NOT_IN_SETTINGS,
    cause:
      'the settings of the watcher were changed, and no longer fit licenses that were seen before',
    remedy:
      'Add the SKU to "formerSkus" of the product in cdk.json, or put its "productSku" or "issuerFingerprint" back, and deploy. A product that is no longer to be watched gets "retired": true.',
  },
  {
    says: UNFINISHED,
    cause: 'more licenses of the product are in force than one look has time for',
    remedy:
      'Licenses that are over cost no time: it passes when fewer are in force, as after a renewal that replaces several agreements by one. If it stays, report it to the maintainers of License Watcher, with what was seen.',
  },
];

/** Undefined: AWS fails, or does not answer. */
export function troubleOf(detail: string): Trouble | undefined {
  return TROUBLES.find(({ says }) => detail.includes(says));
}

/** What keeps us from seeing, if the buyer cannot fix it. */
export function troubleWords(detail: string): string {
  return troubleOf(detail)?.cause ?? 'AWS or the watcher has trouble';
}

export function troubleRemedy(detail: string): string {
  return troubleOf(detail)?.remedy ?? 'See "checks-failing" in docs/runbook.md.';
}

export function lostNews(change: Of<'WatchLost'>, setting: Setting): News {
  const { voice, entry } = setting;
  const { lastSeen } = change.before;
  const last =
    lastSeen === null ? 'it was never seen' : `it was last seen on ${dayAndTime(lastSeen)}`;
  const { cause, ...told } = causeAndSteps(change, setting);
  return {
    subject: [`cannot be checked, seen ${date(entry.observedAt)}`],
    sentence: `${capital(voice.license)} cannot be checked at present; ${last}. The cause: ${cause}.`,
    means: [
      'The license itself may be as it was, but changes of it are not seen until this is mended.',
    ],
    ...told,
    about: ['watch'],
  };
}

interface Cause extends Required<Pick<News, 'forSeller'>>, Pick<News, 'steps' | 'seen'> {
  readonly cause: string;
}

function causeAndSteps(
  change: Of<'WatchLost'>,
  { product, voice, isWithoutStack = false }: Setting,
): Cause {
  if (change.cause === 'trouble') {
    const trouble =
      troubleOf(change.reason)?.cause ?? 'AWS or the watcher has had trouble for a day';
    const cause = `${trouble}; nothing is known to be wrong in ${voice.account}`;
    return {
      cause,
      forSeller: 'Nothing: it is for operations, who get a notice of their own.',
    };
  }
  const remedy = remedyOf(change.cause, isWithoutStack);
  return {
    cause:
      (isWithoutStack ? CAUSES_WITHOUT_STACK[change.cause] : undefined) ??
      REMEDIES[change.cause].cause,
    steps: [remedy, `If you need help, ${askSomebody(product)}`],
    seen: whatWasSeen(change.reason),
    forSeller: `Ask the buyer for this: ${remedy}`,
  };
}

export function restoredNews({ before }: Of<'WatchRestored'>, { voice, entry }: Setting): News {
  const since =
    before.lastSeen === null ? '' : `; before, it was last seen on ${dayAndTime(before.lastSeen)}`;
  return {
    subject: [`checked again, seen ${date(entry.observedAt)}`],
    sentence: `${capital(voice.license)} can be checked again, as of ${dayAndTime(entry.observedAt)}${since}.`,
    means: ['If anything changed in between, this mail tells it.'],
    about: ['watch'],
  };
}
