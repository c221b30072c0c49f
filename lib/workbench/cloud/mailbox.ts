export interface Mail {
  readonly kind: 'notification' | 'confirmation';
  readonly to: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly subject: string;
  /** The publisher's text, or the envelope in JSON for `email-json`. */
  readonly text: string;
  /** The text that SNS adds below: how to unsubscribe. */
  readonly footer: string;
  readonly attributes: Readonly<
    Record<string, { readonly dataType: string; readonly value: string }>
  >;
  /** Epoch milliseconds of the cloud's time. */
  readonly at: number;
}

/** The actions of the links in a mail. */
export interface MailLinks {
  /** Only in a confirmation. */
  readonly confirm?: () => void;
  readonly unsubscribe?: () => void;
}

/** Every e-mail that SNS sent, and the actions of its readers. */
export class Mailbox {
  readonly #mails: { readonly mail: Mail; readonly links: MailLinks }[] = [];
  readonly #willing = new Set<string>();

  deliver(mail: Mail, links: MailLinks): void {
    this.#mails.push({ mail, links });
    if (mail.kind === 'confirmation' && this.#willing.has(mail.to)) links.confirm?.();
  }

  /** All mails, including confirmations, oldest first. */
  all(): readonly Mail[] {
    return this.#mails.map(({ mail }) => mail);
  }

  /** The notifications of one recipient, oldest first. */
  read(address: string): readonly Mail[] {
    return this.all().filter(({ kind, to }) => kind === 'notification' && to === address);
  }

  /** Makes the recipient click on every confirmation link at once, from now on. */
  autoConfirm(address: string): void {
    this.#willing.add(address);
    this.confirm(address);
  }

  /** Clicks on all of the recipient's confirmation links, for one topic or all. Used links and links that are too old do nothing. */
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
