import type { BuyerBook, LastSeenBook, NoticeBook, TickBook } from '../../lib/domain/ports.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Log, Meter } from '../../lib/observability/handler.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Settings } from '../../lib/messages/settings.ts';

/** A message and the seconds (0 to 900) for which the queue delays it. */
export interface Delayed<Body> {
  readonly body: Body;
  readonly delaySeconds: number;
}

/** Everything that a sweep uses; the entry point builds it. */
export interface Dependencies {
  readonly settings: Pick<Settings, 'intervalMinutes' | 'products' | 'spreadMinutes'>;
  readonly buyers: Pick<BuyerBook, 'counted' | 'recount'>;
  readonly lastSeen: Pick<LastSeenBook, 'all'>;
  readonly notices: Pick<NoticeBook, 'isAnyDue'>;
  readonly ticks: Pick<TickBook, 'askedUpTo' | 'lastSweep' | 'startSweep'>;
  /** Throws unless every message was taken. */
  readonly sendChecks: (messages: readonly Delayed<CheckBuyers>[]) => Promise<void>;
  /** Throws unless every message was taken. */
  readonly sendNotices: (messages: readonly Delayed<SendNotices>[]) => Promise<void>;
  readonly now: () => Instant;
  readonly log: Log;
  readonly meter: Meter;
}
