import type * as cloud from '../cloud/chatbot/slack-channels.ts';
import type { TroubleMode } from './levers/trouble-words.ts';

/** All that the page of the console knows, as JSON. */
export interface ConsoleState {
  /** Epoch milliseconds of the cloud's time. */
  readonly now: number;
  readonly nextSweep: number | null;
  /** Another one: the report is to be asked for again. */
  readonly reportKey: string;
  /** Newest first. */
  readonly actions: readonly ShownAction[];
  readonly buyers: readonly ShownBuyer[];
  readonly products: readonly ShownProduct[];
  readonly trouble: TroubleMode;
  /** The newest entries of all ledgers, newest first. */
  readonly news: readonly ShownEntry[];
  readonly steps: ShownSteps;
  /** Those from the number on that was asked for, oldest first. */
  readonly mails: readonly ShownMail[];
  /** The channel in Slack; null: the settings have none. */
  readonly slack: Pick<cloud.SlackChannel, 'workspaceId' | 'channelId'> | null;
  /** What the channel shows, from the number on that was asked for, oldest first. */
  readonly cards: readonly ShownCard[];
  /** Numbers of confirmation mails whose link nobody has followed yet. */
  readonly unconfirmed: readonly number[];
  /** What failed inside the local cloud itself, newest last. */
  readonly failures: readonly string[];
}

export interface ShownAction {
  readonly id: number;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Epoch milliseconds of the cloud's time; null: not yet. */
  readonly endedAt: number | null;
  /** What happened; how far it is while it runs; why it failed. */
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

/** Which of a newcomer's first steps were taken, by what happened. */
export interface ShownSteps {
  /** More was bought for a buyer. */
  readonly bought: boolean;
  /** Time passed after it. */
  readonly waited: boolean;
  /** The buyer's first mail after it; null: none came yet. */
  readonly mail: number | null;
  /** A mail of the buyer's after it was opened. */
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
  /** What it has, until when, and how it stands. */
  readonly words: string;
  /** It can be used now, and whoever watches it hears when it changes. */
  readonly isUsable: boolean;
  readonly levers: readonly ShownLever[];
}

export interface ShownLever {
  readonly id: string;
  readonly title: string;
  /** Why it cannot be pulled now; null: it can. */
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
  /** To whom it speaks, and of what. */
  readonly means: string;
  readonly at: number;
}

/** With the marks of Slack. */
export interface ShownCard extends cloud.ShownCard {
  readonly number: number;
}

/** The whole of a mail. */
export interface MailText {
  readonly text: string;
  readonly footer: string;
}

/** What a refusal is answered with. */
export interface Refusal {
  readonly problem: string;
}
