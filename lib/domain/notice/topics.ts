import type { TopicStanding } from './delivery.ts';
import type { ChangeType } from '../check/changes.ts';
import type { Severity } from './notice.ts';

/** Ready to publish: subject of at most 99 printable ASCII characters starting with a letter or digit, plain text of lines. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** One message to a topic: prose for those who read e-mail, JSON for everything else that subscribes. */
export interface Publication {
  /** Null: no person is meant; subscribed addresses must be filtered out by `kind`. */
  readonly mail: Mail | null;
  readonly json: unknown;
  /** By which subscriptions filter. Of several, a subscription that asks for one of them gets the message. */
  readonly kind: string;
  readonly changes: readonly (ChangeType | 'Reminder')[];
  readonly severity: Severity;
  readonly productIds: readonly string[];
  readonly buyerAccountIds: readonly string[];
  /** Nothing happened: for machines that had better not act on it. */
  readonly test?: true;
}

export type Published =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The topic is gone or does not let us in: it will not do so in a minute either. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Topics, in our account or a buyer's. Throws where a later attempt may succeed. */
export interface Topics {
  standing(topicArn: string): Promise<TopicStanding>;
  /** One attempt: a second one after a lost answer would tell twice. Whoever calls asks the mark before the next. */
  publish(topicArn: string, publication: Publication): Promise<Published>;
}
