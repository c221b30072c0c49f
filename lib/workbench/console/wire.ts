import type * as cloud from '../cloud/chatbot/slack-channels.ts';
import type { TroubleMode } from './levers/trouble-words.ts';

/** Everything that the console's page knows, as JSON. */
export interface ConsoleState {
  /** Epoch milliseconds of the cloud's time. */
  readonly now: number;
  readonly nextSweep: number | null;
  /** If it changes, the report must be requested again. */
  readonly reportKey: string;
  /** Newest first. */
  readonly actions: readonly ShownAction[];
  readonly buyers: readonly ShownBuyer[];
  readonly products: readonly ShownProduct[];
  readonly trouble: TroubleMode;
  /** The newest entries of all ledgers, newest first. */
  readonly news: readonly ShownEntry[];
  readonly steps: ShownSteps;
  /** The mails from the requested number on, oldest first. */
  readonly mails: readonly ShownMail[];
  /** The Slack channel; null if the settings have none. */
  readonly slack: Pick<cloud.SlackChannel, 'workspaceId' | 'channelId'> | null;
  /** The channel's cards from the requested number on, oldest first. */
  readonly cards: readonly ShownCard[];
  /** The numbers of confirmation mails whose link has not been followed yet. */
  readonly unconfirmed: readonly number[];
  /** Failures inside the local cloud itself, newest last. */
  readonly failures: readonly string[];
}

export interface ShownAction {
  readonly id: number;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Epoch milliseconds of the cloud's time; null: not yet. */
  readonly endedAt: number | null;
  /** The progress while it runs; after that what happened, or why it failed. */
  readonly said: string;
  /** Numbers of the mails that it led to. */
  readonly mails: readonly number[];
  readonly entries: readonly ShownEntry[];
}

export interface ShownEntry {
  readonly account: string;
  readonly buyerName: string;
  readonly productId: string;
  readonly entry: number;
  readonly what: string;
  /** What happened, and what it means, in the words of the mails to the seller. */
  readonly means: string;
  /** When the watcher saw it, epoch milliseconds. */
  readonly at: number;
}

/** A newcomer's first steps that are done, judged by what happened. */
export interface ShownSteps {
  /** A buyer bought more. */
  readonly bought: boolean;
  /** Time passed after the purchase. */
  readonly waited: boolean;
  /** The number of the buyer's first mail after it; null if none has come yet. */
  readonly mail: number | null;
  /** A mail to the buyer after the purchase was opened. */
  readonly read: boolean;
}

export interface ShownBuyer {
  readonly account: string;
  readonly name: string;
  readonly status: string;
  readonly levers: readonly ShownLever[];
  readonly licenses: readonly ShownLicense[];
}

export interface ShownLicense {
  readonly arn: string;
  readonly product: string;
  /** The amount, the end, and the state of the license. */
  readonly words: string;
  /** True if it can be used now (available, grant active, not ended), so that a change to it is told. */
  readonly isUsable: boolean;
  readonly levers: readonly ShownLever[];
}

export interface ShownLever {
  readonly id: string;
  readonly title: string;
  /** Why it cannot be pulled now; null if it can. */
  readonly refusal: string | null;
}

export interface ShownProduct {
  readonly id: string;
  readonly name: string;
  /** What is sold: `seats`, `gigabytes`, or a tier of these. */
  readonly sold: 'seats' | 'gigabytes' | readonly string[];
}

export interface ShownMail {
  readonly number: number;
  readonly kind: 'notification' | 'confirmation';
  readonly to: string;
  readonly subject: string;
  /** Its audience and its subject. */
  readonly means: string;
  readonly at: number;
}

/** A card with Slack's marks. */
export interface ShownCard extends cloud.ShownCard {
  readonly number: number;
}

/** The whole of a mail. */
export interface MailText {
  readonly text: string;
  readonly footer: string;
}

/** The answer to a refused request. */
export interface RefusedAction {
  readonly problem: string;
}
