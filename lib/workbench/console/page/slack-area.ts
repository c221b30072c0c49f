/// <reference lib="dom" />
import { counted } from '../../../mail/dates.ts';
import { type Child, el } from '../../../seller/report/page/dom.ts';
import type { ShownCard } from '../wire.ts';
import { type ConsoleArea, timeWords } from './api-client.ts';

interface Thread {
  readonly element: HTMLElement;
  readonly replies: HTMLElement;
  readonly count: HTMLElement;
  cards: number;
}

/** The channel as Slack would show it: each thread with its first card and the others below it. The newest thread is first. */
export function slackArea(): ConsoleArea {
  const head = el('p', { role: 'status', class: 'quiet' });
  const list = el('div', { class: 'threads' });
  const threads = new Map<string, Thread>();
  let known = 0;
  return {
    element: el('div', {}, head, list),
    show: ({ slack, cards }) => {
      for (const card of cards) {
        if (card.number !== known) continue;
        known += 1;
        add(card);
      }
      const words =
        slack === null
          ? NO_CHANNEL
          : `Channel ${slack.channelId} of workspace ${slack.workspaceId}: ${counted(known, 'card')} in ${counted(threads.size, 'thread')}.`;
      if (head.textContent !== words) head.textContent = words;
    },
  };

  function add(card: ShownCard): void {
    const key = card.threadId ?? `card ${card.number}`;
    const found = threads.get(key);
    if (found === undefined) {
      const made = threadOf(card);
      threads.set(key, made);
      list.prepend(made.element);
      return;
    }
    found.cards += 1;
    found.replies.append(cardOf(card));
    found.replies.hidden = false;
    const others = found.cards - 1;
    found.count.textContent = `${counted(others, 'reply', 'replies')}, the last ${timeWords(card.at)}`;
    // Do not move a thread in which the reader has the focus.
    if (!found.element.contains(document.activeElement)) list.prepend(found.element);
  }
}

const NO_CHANNEL =
  'No channel: the settings have no "slack". With it, notices to you appear here as Slack would show them.';

function threadOf(card: ShownCard): Thread {
  const count = el('summary');
  const replies = el('details', { open: true }, count);
  replies.hidden = true;
  const element = el(
    'article',
    { class: 'thread' },
    card.summary === null ? null : el('h3', {}, el('bdi', {}, ...marked(card.summary))),
    cardOf(card),
    replies,
  );
  return { element, replies, count, cards: 1 };
}

function cardOf({ title, description, nextSteps, at }: ShownCard): HTMLElement {
  return el(
    'div',
    { class: 'card' },
    el('p', { class: 'quiet' }, `Amazon Q, ${timeWords(at)}`),
    el('p', { class: 'subject' }, ...marked(title)),
    ...description.split('\n').map((line) => el('p', {}, ...marked(line))),
    nextSteps.length === 0
      ? null
      : el('ul', {}, ...nextSteps.map((step) => el('li', {}, ...marked(step)))),
  );
}

/** The emoji of our cards. */
const EMOJI: Readonly<Record<string, string>> = {
  rotating_light: '🚨',
  warning: '⚠️',
  information_source: 'ℹ️',
};
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };

/** Renders the Slack marks of our cards: code, bold, emoji, and the entities that stand for special characters. */
function marked(text: string): readonly Child[] {
  return text
    .split(/(`[^`]+`|\*[^*]+\*|:[a-z_]+:)/)
    .map((part, index) => (index % 2 === 0 ? plain(part) : mark(part)));
}

function mark(part: string): Child {
  const inner = plain(part.slice(1, -1));
  if (part.startsWith('`')) return el('code', {}, inner);
  if (part.startsWith('*')) return el('strong', {}, inner);
  const emoji = EMOJI[inner];
  if (emoji === undefined) return plain(part);
  return el('span', { role: 'img', 'aria-label': inner.replaceAll('_', ' ') }, emoji);
}

function plain(text: string): string {
  return text.replaceAll(/&(amp|lt|gt);/g, (_, name: string) => ENTITIES[name] ?? '');
}
