import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { MailStanding } from '../../../../domain/notice/mail-standing.ts';
import { FOLLOW_CONFIRMATION } from '../../../../mail/aws-sentences.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { spoken } from '../../output/time.ts';

/** Whether a person reads the notices, as far as anybody knows; null: the buyer is told nothing any more, and never was. */
export function mailWords(mail: MailStanding, { status, registration }: Buyer): string | null {
  const isOver = status === 'left' || status === 'revoked';
  if (isOver) return mail.kind === 'told' ? tellings(mail) : null;
  switch (mail.kind) {
    case 'told':
      return `${tellings(mail)}: an address is confirmed`;
    case 'unconfirmed':
      return `waits since ${spoken(mail.since)} for the buyer to ${FOLLOW_CONFIRMATION} (the watcher asks once an hour); until then nothing is sent, and nothing is lost`;
    case 'refused':
      return `the topic refuses notices since ${spoken(mail.since)}: ${cleanText(mail.reason, 300)}. Ask the buyer to ${registration?.stackId === null ? 'give the topic the policy that the buyer template gives its notice topic' : 'delete the License Watcher stack and to create it again with the same parameters'}`;
    case 'untried':
      return 'nothing was sent yet, so nobody knows whether an address is confirmed';
  }
}

function tellings({ first, last }: Extract<MailStanding, { kind: 'told' }>): string {
  return `first told ${spoken(first)}, last ${spoken(last)}`;
}

export function mailInShort({ kind }: MailStanding): string {
  return { told: 'yes', unconfirmed: 'no', refused: 'no', untried: '-' }[kind];
}

/** No mail reaches the buyer, and only the buyer can mend that. */
export function isMailTrouble({ kind }: MailStanding): boolean {
  return kind === 'unconfirmed' || kind === 'refused';
}
