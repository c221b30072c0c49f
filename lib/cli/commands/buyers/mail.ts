import type { MailStanding } from '../../../domain/mail-standing.ts';
import { cleanText } from '../../../domain/words/clean-text.ts';
import { spoken } from '../../talk/time.ts';

/** Whether a person reads the notices, as far as anybody knows. */
export function mailWords(mail: MailStanding): string {
  switch (mail.kind) {
    case 'told':
      return `first told ${spoken(mail.first)}, last ${spoken(mail.last)}: an address is confirmed`;
    case 'unconfirmed':
      return `waits since ${spoken(mail.since)} for the buyer to follow the link in the mail that AWS sent ("AWS Notification - Subscription Confirmation"); until then nothing is sent, and nothing is lost`;
    case 'refused':
      return `the topic refuses notices since ${spoken(mail.since)}: ${cleanText(mail.reason, 300)}. Ask the buyer to update the License Watcher stack`;
    case 'untried':
      return 'nothing was sent yet, so nobody knows whether an address is confirmed';
  }
}

export function mailInShort({ kind }: MailStanding): string {
  return { told: 'yes', unconfirmed: 'no', refused: 'no', untried: '-' }[kind];
}

/** No mail reaches the buyer, and only the buyer can mend that. */
export function isMailTrouble({ kind }: MailStanding): boolean {
  return kind === 'unconfirmed' || kind === 'refused';
}
