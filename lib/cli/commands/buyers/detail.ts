import type { Io } from '../../io.ts';
import { alarming, bold } from '../../talk/paint.ts';
import { wrapped } from '../../talk/table.ts';
import { blindOf, latestEnd, type Overview, type WatchedProduct } from './overview.ts';
import { spoken } from '../../talk/time.ts';

export function detail({ buyer, products }: Overview, io: Io): string[] {
  const { registration } = buyer;
  const facts: (readonly [string, string])[] = [
    ['status', buyer.status],
    ['invited', spoken(buyer.invitedAt)],
  ];
  if (registration !== null) {
    facts.push(
      ['registered', spoken(registration.registeredAt)],
      ['stack', registration.stackId ?? 'none: registered with "license-watcher register"'],
      ['role', registration.roleArn],
      ['topic', registration.noticeTopicArn],
      ['template', `version ${registration.templateVersion}`],
      ['probe', registration.probe ? 'yes' : 'no'],
      ['usage', registration.shareUsage ? 'shared' : 'not shared'],
      ['self-test', registration.selfTest],
    );
  }
  return [
    bold(`${buyer.buyerAccountId}  ${buyer.name}`, io),
    ...facts.flatMap(fact),
    ...products.flatMap((product) => ['', ...productDetail(product, io)]),
  ];
}

function productDetail({ id, head }: WatchedProduct, io: Io): string[] {
  if (head === undefined) return [bold(id, io), ...fact(['standing', 'not looked at yet'])];
  const end = latestEnd(head);
  const blind = blindOf(head);
  return [
    bold(id, io),
    ...fact(['standing', `${head.standing}${end === null ? '' : `, until ${spoken(end)}`}`]),
    ...fact(['verdict', head.verdict]),
    ...fact(['watched', `since ${spoken(head.watchStarted)}`]),
    ...fact(['confirmed', head.lastConfirmed === null ? 'never' : spoken(head.lastConfirmed)]),
    ...(head.watchEnded === null ? [] : fact(['ended', spoken(head.watchEnded)])),
    ...(blind === null
      ? []
      : fact(['not seen', `since ${spoken(blind.since)} (${blind.cause}): ${blind.detail}`]).map((line) =>
          alarming(line, io),
        )),
  ];
}

/** `  name        value`, the value wrapped under itself. */
function fact([name, value]: readonly [string, string]): string[] {
  const indent = ' '.repeat(14);
  return wrapped(value, indent).map((line, at) => (at === 0 ? `  ${name.padEnd(12)}${line.trimStart()}` : line));
}
