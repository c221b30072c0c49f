import { MINUTE } from '../../domain/time.ts';
import type { Mail, Mailbox } from '../cloud/mailbox.ts';
import type { ActionRequest } from './action-request.ts';
import type { ShownAction, ShownSteps } from './wire.ts';

/** How far a newcomer is: by what happened, whoever asked for it, and in whichever browser. */
export class FirstSteps {
  readonly #mailbox: Pick<Mailbox, 'all'>;
  readonly #now: () => number;
  /** Who bought more first, when, and how many mails there were before. */
  #bought: { readonly account: string; readonly at: number; readonly mails: number } | undefined;
  #waited = false;
  #read = false;

  /** `now`: the cloud's. */
  constructor(mailbox: Pick<Mailbox, 'all'>, now: () => number) {
    this.#mailbox = mailbox;
    this.#now = now;
  }

  /** `buyerOf`: who owns a license. */
  ended(
    request: ActionRequest,
    { state, mails }: Pick<ShownAction, 'state' | 'mails'>,
    buyerOf: (arn: string) => string,
  ): void {
    if (state !== 'done') return;
    if (request.kind === 'license' && request.lever === 'more')
      this.#bought ??= {
        account: buyerOf(request.arn),
        at: this.#now(),
        // The mail of it may have come before the action ended.
        mails: Math.min(this.#mailbox.all().length, ...mails),
      };
    if (request.kind === 'advance-time' && this.#bought !== undefined) this.#waited = true;
  }

  opened(number: number): void {
    const mail = this.#mailbox.all()[number];
    if (mail !== undefined && this.#isOfPurchase(mail, number)) this.#read = true;
  }

  get shown(): ShownSteps {
    const [bought, mails] = [this.#bought, this.#mailbox.all()];
    const first = mails.findIndex((mail, number) => this.#isOfPurchase(mail, number));
    return {
      bought: bought !== undefined,
      // Time passes by itself, too.
      waited: this.#waited || (bought !== undefined && this.#now() - bought.at > 15 * MINUTE),
      mail: first < 0 ? null : first,
      read: this.#read,
    };
  }

  /** A notice to the buyer since: its topic is in its own account. */
  #isOfPurchase({ kind, topicArn }: Mail, number: number): boolean {
    if (this.#bought === undefined || number < this.#bought.mails) return false;
    return kind === 'notification' && topicArn.split(':')[4] === this.#bought.account;
  }
}
