import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Checked } from './decide-on-look.ts';
import type { Dependencies } from './dependencies.ts';

/** As many as send-notices tells side by side, so that a message takes it as long as one notice. */
const NOTICES_PER_MESSAGE = 25;

/** The notices to be sent now. */
export function dueOf(checked: readonly Checked[]): readonly NoticeKey[] {
  return checked.flatMap(({ outcome }) => (outcome.kind === 'decided' ? outcome.due : []));
}

/** A message to send-notices that fails costs time only: the next sweep drives what is due. */
export async function enqueueNotices(
  due: readonly NoticeKey[],
  deps: Pick<Dependencies, 'sendNotices' | 'log'>,
): Promise<void> {
  const notices = due.flatMap(({ contract, entry, audience }) =>
    // Seller and operations hear once a tick: start-sweep asks for the digest.
    audience === 'buyer' ? [{ contract, entry, audience }] : [],
  );
  const messages: SendNotices[] = [];
  for (let from = 0; from < notices.length; from += NOTICES_PER_MESSAGE) {
    const some = notices.slice(from, from + NOTICES_PER_MESSAGE);
    messages.push({ format: 1, kind: 'notices', notices: some });
  }
  if (messages.length === 0) return;
  try {
    const errors = await deps.sendNotices(messages);
    if (errors.length > 0) deps.log.warn(MESSAGES.noticesNotQueued, { errors });
  } catch (error) {
    deps.log.warn(MESSAGES.noticesNotQueued, { errors: [String(error)] });
  }
}
