import { entryForm, unreadableForm } from '../../output/entry-form.ts';
import type { Page } from './pages.ts';

/** Members are added, never renamed or removed. */
export function pageForm({ written, told, others }: Page) {
  return {
    ...(written.kind === 'entry' ? entryForm(written.entry) : unreadableForm(written)),
    told: told.map(({ audience, about, at, messageId, textHash }) => ({
      audience,
      about: about ?? null,
      at,
      messageId,
      textHash,
    })),
    notices: others.map(({ audience, about, kind, state, notBefore, reason }) => ({
      audience,
      about: about ?? null,
      kind,
      state,
      notBefore,
      reason,
    })),
  };
}
