import type { AgreedTerms } from '../../domain/agreement/agreement.ts';
import type { RenewalIntent } from '../../domain/agreement/renewal-intent.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { AGREEMENT_CANCELLED, AGREEMENT_EXPIRED, AGREEMENT_TERMINATED } from '../aws-sentences.ts';
import { date, dateAndTime, dayAndTime } from '../dates.ts';
import { deadlineWords, intentWords } from '../intent-words.ts';
import { capital, type News, type Of, type Row, type Setting } from './news.ts';
import { hint, renewalSteps, sellersPart } from './renewal-words.ts';

const INTENT_IN_SHORT = {
  renews: 'renews by itself now',
  replaced: 'moves to another offer now',
  expires: 'does not renew now',
  'no-end': 'has no end now',
  unknown: 'renewal not known now',
} as const satisfies Readonly<Record<RenewalIntent['kind'], string>>;

export function intentNews(change: Of<'RenewalIntentChanged'>, setting: Setting): News {
  const { voice, now } = setting;
  const { before, after, end, decideBy, party } = change;
  const when = end === null ? '' : ` on ${dayAndTime(end)}`;
  const isLate = decideBy !== null && decideBy <= now;
  const isOff = after.intent.kind === 'expires' && party !== null;
  const deadline = deadlineWords({ intent: after.intent, decideBy }, now);
  return {
    subject: [
      isOff
        ? `renewal off by ${party}${end === null ? '' : `, ends ${date(end)}`}`
        : `${INTENT_IN_SHORT[after.intent.kind]}${end === null ? '' : `, ${date(end)}`}`,
    ],
    sentence: `${updated(change)}AWS says today that${when} the agreement of ${voice.license} ${intentWords(after.intent)}.`,
    means: deadline === null ? [] : [deadline],
    steps: renewalSteps({ intent: after.intent, decideBy }, setting),
    rows: [
      {
        label: 'At the end',
        before: intentWords(before.intent),
        after: intentWords(after.intent),
      },
    ],
    about: ['renewal'],
    ...hint(sellersPart(after.intent, !isLate)),
  };
}

/** `Changed at AWS on Tue 2027-01-05 10:00 UTC: `. Empty: AWS does not say when. */
function updated({ updatedAt }: Pick<Of<'AgreementAmended'>, 'updatedAt'>): string {
  return updatedAt === null ? '' : `Changed at AWS on ${dayAndTime(updatedAt)}: `;
}

export function amendedNews(change: Of<'AgreementAmended'>, { voice, entry }: Setting): News {
  const { before, after } = change;
  const rows = (Object.keys(TERMS) as (keyof AgreedTerms)[])
    .map((name): Row => {
      const { label, words } = TERMS[name];
      return { label, before: words(before), after: words(after) };
    })
    .filter((row) => row.before !== row.after);
  return {
    subject: [`agreement amended, seen ${date(entry.observedAt)}`],
    sentence: capital(
      `${updated(change)}the agreement of ${voice.license} says something else: ${rows
        .map((row) => `${row.label.toLowerCase()}, ${row.before} before, ${row.after} now`)
        .join('; ')}.`,
    ),
    rows,
    about: [`agreement ${change.agreementId}`],
  };
}

const TERMS: Readonly<
  Record<
    keyof AgreedTerms,
    { readonly label: string; readonly words: (terms: AgreedTerms) => string }
  >
> = {
  end: { label: 'End', words: ({ end }) => (end === null ? 'none' : dateAndTime(end)) },
  quantities: {
    label: 'Bought',
    words: ({ quantities }) =>
      quantities === null
        ? 'not known'
        : quantities.length === 0
          ? 'nothing that is counted'
          : quantities
              .map((each) => `${cleanText(each.name)}: ${each.quantity ?? 'unlimited'}`)
              .join(', '),
  },
  decideBy: {
    label: 'Decide by',
    words: ({ decideBy }) => (decideBy === null ? 'no deadline known' : dateAndTime(decideBy)),
  },
};

export function agreementEndedNews(change: Of<'AgreementEnded'>, { voice, entry }: Setting): News {
  const { status } = change.after;
  return {
    subject: [`agreement ${status.toLowerCase()}, seen ${date(entry.observedAt)}`],
    sentence: `${capital(updated(change))}AWS says that the agreement of ${voice.license} is ${status}.`,
    means: [ENDED_WORDS[status] ?? 'What it means for the license is told of the license.'],
    rows: [{ label: 'Agreement', before: change.before.status, after: status }],
    about: [`agreement ${change.agreementId}`],
  };
}

const ENDED_WORDS: Partial<Record<Of<'AgreementEnded'>['after']['status'], string>> = {
  CANCELLED: AGREEMENT_CANCELLED,
  TERMINATED: AGREEMENT_TERMINATED,
  EXPIRED: AGREEMENT_EXPIRED,
};

export function disagreedNews(change: Of<'AgreementDisagreed'>, { voice, entry }: Setting): News {
  const { differs } = change.after;
  const about = [`disagreement of ${change.agreementId}`] as const;
  if (differs.length === 0)
    return {
      subject: [`license and agreement say the same again, seen ${date(entry.observedAt)}`],
      sentence: `The agreement and ${voice.license} say the same again.`,
      about,
    };
  const rows = differs.map(({ what, license, agreement }) => ({
    label: capital(what),
    before: cleanText(agreement, 200),
    after: cleanText(license, 200),
  }));
  return {
    subject: [
      `license and agreement disagree on ${differs.map(({ what }) => what).join(', ')}, seen ${date(entry.observedAt)}`,
    ],
    sentence: `For a day the agreement and ${voice.license} have said different things: ${rows
      .map(
        (row) =>
          `${row.label.toLowerCase()}, ${row.before} by the agreement, ${row.after} by the license`,
      )
      .join('; ')}.`,
    means: ['What the product sees when it starts is the license.'],
    rows,
    about,
    forSeller: 'Ask AWS Marketplace why they differ.',
  };
}
