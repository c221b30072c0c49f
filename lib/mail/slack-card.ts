import type { Severity } from '../domain/notice/notice.ts';
import type { Instant } from '../domain/time.ts';
import { GROUPS } from './digest-groups.ts';
import type { DigestEntry } from './mail.ts';
import { toldAlone } from './digest-part.ts';
import { buyerWithAccount, productName } from './text.ts';

/**
 * A custom notification, in the form that Amazon Q Developer in chat applications takes from a topic and shows in Slack. It silently drops
 * any other form. Source of the members: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export interface SlackCard {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    /** The only possible value: the markup of the target. */
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
  };
  readonly metadata: {
    /** One for each contract and deployment. Cards with the same ID form one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
  };
}

export interface CardOf {
  readonly deployment: string;
  readonly severity: Severity;
  readonly detailType: string;
  readonly now: Instant;
  /** True if nothing happened and somebody is testing the channel. */
  readonly test?: boolean;
}

/** The sign before a title, so that a channel can be skimmed. */
const SIGNS: Readonly<Record<Severity, string>> = {
  urgent: ':rotating_light:',
  attention: ':warning:',
  info: ':information_source:',
};

/** AWS names no limits. A section of Slack holds 3,000 characters (docs.slack.dev, section block), and a title should fit on a line. */
const LONGEST_DESCRIPTION = 2_800;
const LONGEST_THOUGHT = 1_200;
const LONGEST_STEP = 600;
const MOST_STEPS = 8;

/** What the seller reads about a notice in the digest, as a card. */
export function slackCard(
  entry: DigestEntry,
  { deployment, severity, detailType, now, test = false }: CardOf,
): SlackCard {
  const { subject, thoughts } = toldAlone(entry, now);
  const { buyerAccountId, productId, entry: number } = entry.entry;
  const threadId = `license-watcher-${deployment}-${buyerAccountId}-${productId}`;
  const who = slackText(`${buyerWithAccount(entry.entry)}, ${productName(entry.product)}`);
  const facts = thoughts.filter(({ isStep }) => isStep !== true);
  const steps = thoughts.filter(({ isStep }) => isStep === true);
  return {
    version: '1.0',
    source: 'custom',
    id: `${threadId}-${number}-${detailType}`,
    content: {
      textType: 'client-markdown',
      title: `${SIGNS[severity]} ${test ? '[TEST] ' : ''}${slackText(subject)}`,
      description: fitting([
        ...(test ? [A_TEST] : []),
        who,
        ...facts.map(({ text }) => slackText(text, LONGEST_THOUGHT)),
      ]),
      nextSteps: [
        ...(entry.undelivered === null ? [] : [`${GROUPS['pass-on']}.`]),
        ...steps.slice(0, MOST_STEPS).map(({ text }) => slackText(text, LONGEST_STEP)),
        // A test is recorded nowhere.
        ...(test
          ? []
          : [
              `\`license-watcher history ${slackText(buyerAccountId)}\` shows entry ${number} of ${slackText(productId)}.`,
            ]),
      ],
    },
    metadata: { threadId, summary: who, eventType: detailType },
  };
}

const A_TEST =
  'Nothing has changed and there is nothing to do: this only shows how a notice would look.';

/** As many whole lines as fit; the ledger has all of it. */
function fitting(lines: readonly string[]): string {
  let length = 0;
  return lines.filter((line) => (length += line.length + 1) <= LONGEST_DESCRIPTION).join('\n');
}

/**
 * Escapes text so that Slack shows it literally, whoever wrote it. Slack makes links and mentions (`<!channel>`) from `&`, `<` and `>`; as
 * entities they are shown as they are: https://docs.slack.dev/messaging/formatting-message-text. Slack has no such escape for its other
 * marks, mentions of names, and emoji: where one would begin or end, a sign that only looks like it takes its place.
 */
export function slackText(text: string, longest = 300): string {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;
  const escaped = text
    .replace(/(?<![\p{L}\p{N}.])@/gu, '＠')
    .replace(/(?<![\p{L}\p{N}:]):(?=[\w+'-]+:)/gu, '∶')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replaceAll('`', 'ˋ')
    .replace(/[&<>]/g, (sign) => entities[sign as keyof typeof entities]);
  return escaped.length <= longest
    ? escaped
    : `${escaped.slice(0, longest - 3).replace(/&[a-z]*$|[\ud800-\udbff]$/, '')}...`;
}
