import { expect, it } from 'vitest';
import { Mailbox, type Mail } from '../../../../lib/workbench/cloud/mailbox.ts';

function mail(overrides: Partial<Mail> = {}): Mail {
  return {
    kind: 'notification',
    to: 'reader@buyer.example',
    topicArn: 'topic',
    subscriptionArn: 'topic:1',
    subject: 'S',
    text: 'T',
    footer: '',
    attributes: {},
    at: 0,
    ...overrides,
  };
}

it('clicks on links of one topic or all', () => {
  const mailbox = new Mailbox();
  const clicked: string[] = [];
  for (const topicArn of ['a', 'b']) {
    mailbox.deliver(mail({ kind: 'confirmation', topicArn }), {
      confirm: () => clicked.push(topicArn),
    });
  }
  mailbox.confirm('reader@buyer.example', 'b');
  expect(clicked).toEqual(['b']);
  mailbox.autoConfirm('reader@buyer.example');
  mailbox.deliver(mail({ kind: 'confirmation', topicArn: 'c' }), {
    confirm: () => clicked.push('c'),
  });
  expect(clicked).toEqual(['b', 'a', 'b', 'c']);
});

it('says so when there is no mail to unsubscribe by', () => {
  expect(() => {
    new Mailbox().unsubscribe('reader@buyer.example', 'a');
  }).toThrow(/has no mail of a/);
});
