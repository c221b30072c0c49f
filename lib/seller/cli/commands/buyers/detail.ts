import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { endOf } from '../../../../domain/license/canonical-state.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import type { Io } from '../../io.ts';
import { alarming, bold } from '../../output/paint.ts';
import { fact } from '../../output/table.ts';
import { spoken } from '../../output/time.ts';
import { blindOf, blindWords, unrecordedWords } from './blind.ts';
import { isMailTrouble, mailWords } from './mail.ts';
import type { Overview, WatchedProduct } from './overview.ts';

export function detail({ buyer, products, mail }: Overview, io: Io): string[] {
  const { registration } = buyer;
  const facts: (readonly [string, string])[] = [
    ['status', buyer.status],
    ['invited', spoken(buyer.invitedAt)],
  ];
  if (registration !== null) {
    facts.push(
      ['registered', spoken(registration.registeredAt)],
      ['stack', registration.stackId ?? 'none: registered by command'],
      ['role', registration.roleArn],
      ['topic', registration.noticeTopicArn],
      ['template', `version ${registration.templateVersion}`],
      ['probe', registration.probe ? 'yes' : 'no'],
      ['usage', registration.shareUsage ? 'shared' : 'not shared'],
      ['self-test', cleanText(registration.selfTest, 2_000)],
    );
  }
  const words = registration === null ? null : mailWords(mail, buyer);
  const mailLines = words === null ? [] : fact('mail', words);
  return [
    bold(`${buyer.buyerAccountId}  ${cleanText(buyer.name)}`, io),
    ...facts.flatMap(([name, value]) => fact(name, value)),
    ...(isMailTrouble(mail) ? mailLines.map((line) => alarming(line, io)) : mailLines),
    ...products.flatMap((product) => ['', ...productDetail(product, buyer, io)]),
  ];
}

function productDetail({ id, head, unrecorded }: WatchedProduct, buyer: Buyer, io: Io): string[] {
  const title = bold(cleanText(id), io);
  const failing =
    unrecorded === undefined
      ? []
      : fact('not recorded', unrecordedWords(unrecorded)).map((line) => alarming(line, io));
  if (head === undefined)
    return [
      title,
      ...fact('standing', unrecorded === undefined ? 'not looked at yet' : 'unknown'),
      ...failing,
    ];
  const end = endOf(head.state);
  const blind = blindOf(head, buyer);
  return [
    title,
    ...fact('standing', `${head.standing}${end === null ? '' : `, until ${spoken(end)}`}`),
    ...fact('verdict', head.verdict),
    ...fact('watched', `since ${spoken(head.watchStarted)}`),
    ...fact('confirmed', head.lastConfirmed === null ? 'never' : spoken(head.lastConfirmed)),
    ...(head.watchEnded === null ? [] : fact('ended', spoken(head.watchEnded))),
    ...(blind === null
      ? []
      : fact('not seen', blindWords(blind)).map((line) => alarming(line, io))),
    ...failing,
  ];
}
