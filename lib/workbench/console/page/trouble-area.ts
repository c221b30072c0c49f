/// <reference lib="dom" />
import { button, el, newId } from '../../../seller/report/page/dom.ts';
import { section } from '../../../seller/report/page/part.ts';
import { TROUBLE_MODES, TROUBLE_WORDS, type TroubleMode } from '../levers/trouble-words.ts';
import type { Area, PageOperations } from './area.ts';

/** What goes wrong for everybody. */
export function troubleArea({ request }: PageOperations): Area {
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
      // What somebody is choosing now is not taken from them.
      if (trouble !== known) choice.value = trouble;
      known = trouble;
    },
  };
}
