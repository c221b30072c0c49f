export interface Mail {
  readonly kind: 'notification' | 'confirmation';
  readonly to: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly subject: string;
  /** What the publisher wrote, or the envelope in JSON for `email-json`. */
  readonly text: string;
  /** What SNS adds below: how to stop. */
  readonly footer: string;
  readonly attributes: Readonly<
    Record<string, { readonly dataType: string; readonly value: string }>
  >;
  /** Epoch milliseconds of the cloud's time. */
  readonly at: number;
}

/** What the links in a mail do. */
export interface MailLinks {
  /** Only a confirmation has it. */
  readonly confirm?: () => void;
  readonly unsubscribe?: () => void;
}

/** Every e-mail that SNS sent, and what its readers do with it. */
export class Mailbox {
  readonly #mails: { readonly mail: Mail; readonly links: MailLinks }[] = [];
  readonly #willing = new Set<string>();

  deliver(mail: Mail, links: MailLinks): void {
    this.#mails.push({ mail, links });
    if (mail.kind === 'confirmation' && this.#willing.has(mail.to)) links.confirm?.();
  }

  /** Oldest first; confirmations included. */
  all(): readonly Mail[] {
    return this.#mails.map(({ mail }) => mail);
  }

  /** The notifications of one recipient, oldest first. */
  read(address: string): readonly Mail[] {
    return this.all().filter(({ kind, to }) => kind === 'notification' && to === address);
  }

  /** From now on the recipient clicks on every confirmation link at once. */
  autoConfirm(address: string): void {
    this.#willing.add(address);
    this.confirm(address);
  }

  /** Clicks on every confirmation link that the recipient has, of one topic or all. Links that are spent or too old do nothing. */
  confirm(address: string, topicArn?: string): void {
    for (const { mail, links } of this.#of(address, topicArn))
      if (mail.kind === 'confirmation') links.confirm?.();
  }

  /** Clicks on the unsubscribe link below the last notification of the topic. */
  unsubscribe(address: string, topicArn: string): void {
    const last = this.#of(address, topicArn).findLast(({ mail }) => mail.kind === 'notification');
    if (last === undefined)
      throw new Error(
        `${address} has no mail of ${topicArn}, and so no link by which to unsubscribe`,
      );
    last.links.unsubscribe?.();
  }

  #of(address: string, topicArn: string | undefined) {
    return this.#mails.filter(
      ({ mail }) => mail.to === address && (topicArn ?? mail.topicArn) === mail.topicArn,
    );
  }
}
