import * as z from 'zod/mini';
import type { CloudClock } from '../clock.ts';

/** A configured Slack channel. */
export interface SlackChannel {
  readonly arn: string;
  readonly accountId: string;
  readonly configurationName: string;
  readonly workspaceId: string;
  readonly channelId: string;
}

/** A message as a channel shows it. */
export interface ShownCard {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly title: string;
  readonly description: string;
  readonly nextSteps: readonly string[];
  /** Cards of one channel with the same ID form one thread; null: the card stands alone. */
  readonly threadId: string | null;
  readonly summary: string | null;
  /** Epoch milliseconds of the cloud's time. */
  readonly at: number;
}

/** A message that no channel shows; AWS drops it silently. */
export interface DroppedMessage {
  readonly channelId: string;
  readonly message: string;
  readonly reason: string;
}

/** The members, and which are required: admin guide, "Custom notifications". It names no limits. */
const customNotification = z.object({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.optional(z.string()),
  content: z.object({
    textType: z.optional(z.literal('client-markdown')),
    title: z.optional(z.string()),
    description: z.string(),
    nextSteps: z.optional(z.array(z.string())),
    keywords: z.optional(z.array(z.string())),
  }),
  metadata: z.optional(
    z.object({
      threadId: z.optional(z.string()),
      summary: z.optional(z.string()),
      eventType: z.optional(z.string()),
      relatedResources: z.optional(z.array(z.string())),
      additionalContext: z.optional(z.record(z.string(), z.string())),
    }),
  ),
});

/**
 * Amazon Q Developer in chat applications: its Slack channels, and what they would show. There is no Slack here; every workspace counts
 * as authorized, and every channel as one to which the app was invited. It knows only one kind of message: custom notifications.
 */
export class SlackChannels {
  readonly #clock: CloudClock;
  readonly #channels = new Map<string, SlackChannel>();
  /** Oldest first. */
  readonly cards: ShownCard[] = [];
  readonly dropped: DroppedMessage[] = [];

  constructor(clock: CloudClock) {
    this.#clock = clock;
  }

  all(): SlackChannel[] {
    return [...this.#channels.values()];
  }

  keep(channel: SlackChannel): void {
    this.#channels.set(channel.arn, channel);
  }

  remove(arn: string): void {
    this.#channels.delete(arn);
  }

  /** Takes a message from one of the channel's topics. */
  take(arn: string, message: string): void {
    const channel = this.#channels.get(arn);
    if (channel === undefined) return;
    const { workspaceId, channelId } = channel;
    const parsed = z.safeParse(customNotification, jsonOf(message));
    if (!parsed.success) {
      const reason = `no custom notification: ${z.prettifyError(parsed.error)}`;
      this.dropped.push({ channelId, message, reason });
      return;
    }
    const { content, metadata = {} } = parsed.data;
    const { title = '', description, nextSteps = [] } = content;
    const { threadId = null, summary = null } = metadata;
    const at = this.#clock.now();
    const words = { title, description, nextSteps, threadId, summary };
    this.cards.push({ workspaceId, channelId, ...words, at });
  }
}

function jsonOf(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    // Text that is not JSON is not a custom notification.
    return undefined;
  }
}
