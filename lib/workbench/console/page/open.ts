/// <reference lib="dom" />
import { el, button, newId } from '../../../seller/report/page/dom.ts';
import type { ActionRequest } from '../action-request.ts';
import type { ConsoleState } from '../wire.ts';
import {
  requestAction,
  read,
  type PageOperations,
  type ConsoleArea,
  timeWords,
} from './api-client.ts';
import { feedArea } from './feed-area.ts';
import { leversArea } from './levers-area.ts';
import { mailboxArea } from './mailbox-area.ts';
import { newBuyerArea } from './new-buyer-area.ts';
import { slackArea } from './slack-area.ts';
import { stepsArea } from './steps-area.ts';
import { tabs } from './tabs.ts';
import { section } from '../../../seller/report/page/part.ts';
import { mountReport, type Mounted } from '../../../seller/report/page/mount.ts';
import type { ReportModel } from '../../../seller/report/model-shape.ts';
import { rememberFocus } from './keep-focus.ts';
import { TROUBLE_MODES, TROUBLE_WORDS, type TroubleMode } from '../levers/trouble-words.ts';

const EVERY_MS = 1_000;

const trouble = el('p', { class: 'alarm', role: 'alert' });
const failures = el('div', { class: 'alarm', role: 'alert' });
trouble.hidden = failures.hidden = true;
let mailsKnown = 0;
let cardsKnown = 0;
let failuresKnown = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const mailbox = mailboxArea({ request });
const slack = slackArea();
const report = reportArea(refusedWith);
const right = tabs(
  'Mailbox, Slack and report',
  [
    { id: 'mailbox', title: 'Mailbox', content: mailbox.element },
    { id: 'slack', title: 'Slack', content: slack.element },
    { id: 'report', title: 'Report', content: report.element },
  ],
  // Filters after the # belong to the report.
  (hash) => (hash.includes('=') ? 'report' : undefined),
);
const operations: PageOperations = {
  request,
  openMail: (number) => {
    right.select('mailbox');
    mailbox.open(number);
  },
};
const [clock, steps, feed] = [clockArea(operations), stepsArea(operations), feedArea(operations)];
const levers = [leversArea, troubleArea, newBuyerArea].map((area) => area(operations));
const areas = [clock, steps, ...levers, feed, mailbox, slack, report];
const main = document.getElementById('console');
if (main !== null) {
  main.replaceChildren(
    trouble,
    failures,
    el('div', { class: 'bar' }, clock.element, steps.again),
    steps.element,
    places(),
    el(
      'div',
      { class: 'areas' },
      el('div', { class: 'area' }, ...levers.map(({ element }) => element)),
      el('div', { class: 'area middle' }, feed.element),
      right.element,
    ),
  );
  void look();
}

/** Links to the areas, for a layout in which they are one below the other. */
function places(): HTMLElement {
  const links = [
    ['happened', 'Happened'],
    ['levers', 'Levers'],
    ['mailbox', 'Mailbox'],
    ['slack', 'Slack'],
    ['report', 'Report'],
  ].map(([id = '', title = '']) => el('li', {}, el('a', { href: `#${id}` }, title)));
  return el('nav', { class: 'places', 'aria-label': 'Places' }, el('ul', {}, ...links));
}

/** Reads the state of the local cloud, again and again. */
async function look(): Promise<void> {
  clearTimeout(timer);
  try {
    const state = await read<ConsoleState>(`state?mails=${mailsKnown}&cards=${cardsKnown}`);
    mailsKnown += state.mails.length;
    cardsKnown += state.cards.length;
    for (const area of areas) area.show(state);
    showFailures(state.failures);
    document.body.classList.remove('gone');
    if (trouble.dataset['of'] === 'look') trouble.hidden = true;
  } catch (error) {
    document.body.classList.add('gone');
    say(
      `The local cloud cannot be asked (${wordsOf(error)}). Is "npm start" still running?`,
      'look',
    );
  }
  timer = setTimeout(() => void look(), EVERY_MS);
}

function request(action: ActionRequest): void {
  trouble.hidden = true;
  requestAction(action).then(() => look(), refusedWith);
}

function refusedWith(error: unknown): void {
  say(`That was refused: ${wordsOf(error)}`, 'action');
}

function say(words: string, of: 'look' | 'action'): void {
  if (trouble.hidden || trouble.textContent !== words) trouble.textContent = words;
  trouble.dataset['of'] = of;
  trouble.hidden = false;
}

function showFailures(all: readonly string[]): void {
  if (all.length === failuresKnown) return;
  failuresKnown = all.length;
  failures.replaceChildren(
    el('p', {}, 'The local cloud itself failed. What you see may be incomplete; its time goes on.'),
    el('ul', {}, ...all.map((words) => el('li', {}, words))),
  );
  failures.hidden = false;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function clockArea({ request }: PageOperations): ConsoleArea {
  const now = el('p', { class: 'now' });
  const next = el('p', { class: 'quiet' });
  const advance = (words: string, to: 'sweep' | 'day' | 'month'): HTMLElement =>
    button(words, {}, () => {
      request({ kind: 'advance-time', to });
    });
  const element = section(
    'clock',
    'Clock',
    now,
    next,
    el(
      'div',
      { class: 'controls', role: 'group', 'aria-label': 'Let time pass' },
      advance('To the next sweep', 'sweep'),
      advance('A day', 'day'),
      advance('A month', 'month'),
    ),
  );
  return {
    element,
    show: (state) => {
      now.textContent = timeWords(state.now);
      next.textContent =
        state.nextSweep === null
          ? 'No sweep is scheduled.'
          : `Next sweep at ${timeWords(state.nextSweep)}`;
    },
  };
}

/** The current report, the same as the file. */
function reportArea(failed: (error: unknown) => void): ConsoleArea {
  const root = el('div');
  let mounted: Mounted | undefined;
  let key = '';
  let reading = false;
  return {
    element: root,
    show: ({ reportKey }) => {
      if (reading || reportKey === key) return;
      reading = true;
      read<ReportModel>('report')
        .then((model) => {
          key = reportKey;
          if (mounted === undefined) mounted = mountReport(root, model);
          else update(mounted, model);
        })
        .catch(failed)
        .finally(() => (reading = false));
    },
  };

  /** The report draws itself in the next frame. The focus is remembered right before and given back right after. */
  function update(report: Mounted, model: ReportModel): void {
    let giveBack = (): void => undefined;
    requestAnimationFrame(() => {
      giveBack = rememberFocus(root);
    });
    report.update(model);
    requestAnimationFrame(() => {
      giveBack();
    });
  }
}

/** The choice of trouble that affects all buyers. */
function troubleArea({ request }: PageOperations): ConsoleArea {
  const id = newId('trouble');
  const options = TROUBLE_MODES.map((mode) => el('option', { value: mode }, TROUBLE_WORDS[mode]));
  const choice = el('select', { id }, ...options);
  let known: TroubleMode = 'none';
  const set = button('Make it so', {}, () => {
    request({
      kind: 'trouble',
      mode: TROUBLE_MODES.find((mode) => mode === choice.value) ?? 'none',
    });
  });
  return {
    element: section(
      'trouble',
      'License Manager, for all',
      el('div', { class: 'controls' }, el('label', { for: id }, 'License Manager'), choice, set),
      el(
        'p',
        { class: 'quiet' },
        'What fails for three buyers and more than a tenth of all at once is taken for trouble of AWS: it is recorded of nobody, and the alarms of the watcher tell.',
      ),
    ),
    show: ({ trouble }) => {
      // Do not overwrite a choice that the reader is making.
      if (trouble !== known) choice.value = trouble;
      known = trouble;
    },
  };
}
