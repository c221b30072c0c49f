/// <reference lib="dom" />
import { button, el } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import { type Area, type PageOperations, timeWords } from './area.ts';

export function clockArea({ request }: PageOperations): Area {
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
