import { cleanText } from '../lib/domain/outside-text.ts';
import { StoredShapeError } from '../lib/messages/stored.ts';
import type { Log } from '../lib/observability/handler.ts';
import * as MESSAGES from '../lib/observability/message-codes.ts';

/** What `read` returns. A text: the problem of an item that cannot be read, which the log names; only what depends on it waits. */
export async function readableOrProblem<Read>(
  read: () => Promise<Read>,
  log: Log,
): Promise<Read | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error;
    const problem = cleanText(error.message, 300);
    log.error(MESSAGES.itemUnreadable, { problem });
    return problem;
  }
}
