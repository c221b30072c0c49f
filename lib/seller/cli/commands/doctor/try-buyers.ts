import * as z from 'zod/mini';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant } from '../../../../domain/time.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import { selfTestAnswer, type SelfTestAsk } from '../../../../messages/asks.ts';
import { inOrder } from '../../../in-order.ts';
import type { Io, Watcher } from '../../io.ts';
import { buyerFindings, startFindings, unrecordedFinding, whoIs } from './findings/buyer.ts';
import { failure, warning, type Finding } from './findings/finding.ts';

/** Self-tests side by side: a young account has 10 invocations at once, and sweeps want some of them. */
const WIDTH = 5;

/** Has register-buyer try the permissions of each buyer, looks whether its contracts would start, and answers as they are tried, in their order. Ends where interrupted. */
export async function* tryBuyers(
  buyers: readonly Buyer[],
  { ask, register, productIds }: Pick<Watcher, 'ask' | 'register' | 'productIds'>,
  { interrupted, now }: Pick<Io, 'interrupted' | 'now'>,
): AsyncIterable<readonly Finding[]> {
  // Said once: it is the same for all of them.
  const unusable: Finding[] = [];
  const all = inOrder(buyers, WIDTH, async (buyer) => {
    if (unusable.length > 0) return undefined;
    const [tried, { heads, unrecorded }] = await Promise.all([
      tryBuyer(buyer, ask),
      register.contractsOf(buyer.buyerAccountId),
    ]);
    const recorded = heads.filter(
      ({ contract }) => !unrecorded.some((each) => each.contract === contract),
    );
    const failing = unrecorded.map((each) => unrecordedFinding(buyer, each));
    if (tried.kind === 'findings') {
      return [
        ...tried.findings,
        ...startFindings(buyer, recorded, productIds, instant(now())),
        ...failing,
      ];
    }
    return unusable.push(tried.finding) === 1
      ? [tried.finding, ...failing]
      : failing.length > 0
        ? failing
        : undefined;
  });
  for await (const findings of all) {
    if (interrupted.aborted) return;
    if (findings !== undefined) yield findings;
  }
}

type Tried =
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  /** The function does not serve: no buyer can be tried by it. */
  | { readonly kind: 'unusable'; readonly finding: Finding };

async function tryBuyer(buyer: Buyer, ask: Watcher['ask']): Promise<Tried> {
  const request: SelfTestAsk = {
    format: 1,
    ask: 'self-test',
    buyerAccountId: buyer.buyerAccountId,
  };
  let said: unknown;
  try {
    said = await ask('registrations', request);
  } catch (error) {
    return unasked(buyer, error);
  }
  const answer = z.safeParse(selfTestAnswer, said);
  if (answer.success) return { kind: 'findings', findings: buyerFindings(buyer, answer.data) };
  const finding = failure(
    'buyers',
    'no buyer was tried: register-buyer answers what this version cannot read',
    {
      detail: cleanText(answer.error.message, 300),
      remedy: 'let command line and stack be of one version: deploy this one with "npx cdk deploy"',
    },
  );
  return { kind: 'unusable', finding };
}

function unasked(buyer: Buyer, error: unknown): Tried {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const detail = cleanText(`${name}: ${message}`, 400);
  if (/^(AccessDenied|AccessDeniedException)$/.test(name)) {
    const what =
      'no buyer was tried: register-buyer could not be asked, it needs the permission lambda:InvokeFunction';
    const remedy =
      'give these credentials lambda:InvokeFunction, or use others with --profile, or --no-buyers';
    return { kind: 'unusable', finding: warning('buyers', what, { detail, remedy }) };
  }
  if (name === 'ResourceNotFoundException') {
    const remedy = 'somebody deleted it outside of the stack: deploy the stack again';
    const finding = failure('buyers', 'no buyer was tried: the function register-buyer is gone', {
      detail,
      remedy,
    });
    return { kind: 'unusable', finding };
  }
  const finding = failure('buyers', `${whoIs(buyer)}: not tried, register-buyer failed`, {
    detail,
    remedy:
      'see its log; where it does not know the question, deploy this version with "npx cdk deploy"',
    runbook: 'register-buyer-failing',
  });
  return { kind: 'findings', findings: [finding] };
}
