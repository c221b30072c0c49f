import { type Agreement, AGREEMENT_LIVES, type EndTimeBehavior } from '../agreement/agreement.ts';
import { factsOf } from '../agreement/agreement-facts.ts';
import { switchedOffBy } from '../agreement/renewal-intent.ts';
import type { KnownAgreement } from '../check/head.ts';
import { contractOf } from '../license/contract.ts';
import { DAY, plus } from '../time.ts';
import {
  carrierLicense,
  licensesOf,
  quiet,
  type SimulatedLooks,
  type SimulatedContract,
} from './simulated-contract.ts';

/** Long enough ago for anything that settles or must last before it is told. */
const LONG_AGO = -2 * DAY;

const SWITCHED_OFF: EndTimeBehavior = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' };
const RENEWS: EndTimeBehavior = { type: 'RENEW', reason: null };

/** The buyer switches the renewal off or, where it is off already, on again. */
export function intentChanges(contract: SimulatedContract): readonly SimulatedLooks[] {
  return said(contract, (agreement, { facts }) => ({
    after: {
      ...agreement,
      endTimeBehavior: switchedOffBy(facts.intent) === 'buyer' ? RENEWS : SWITCHED_OFF,
    },
  }));
}

/** The agreement is extended by 30 days, of which the license says nothing yet. */
export function amends(contract: SimulatedContract): readonly SimulatedLooks[] {
  return said(contract, (agreement) =>
    agreement.end === null ? null : { after: { ...agreement, end: plus(agreement.end, 30 * DAY) } },
  );
}

/** The agreement is canceled, and no other has taken its place. */
export function ends(contract: SimulatedContract): readonly SimulatedLooks[] {
  return said(contract, (agreement) => ({
    after: { ...agreement, status: 'CANCELLED' },
    known: { endedSince: plus(contract.now, LONG_AGO) },
  }));
}

/** The agreement has said for two days that it ends 30 days after the license. */
export function disagrees(contract: SimulatedContract): readonly SimulatedLooks[] {
  return said(contract, (agreement, { facts }) => {
    const after = { ...agreement, end: plus(agreement.end ?? contract.now, 30 * DAY) };
    const since = plus(contract.now, LONG_AGO);
    return { after, known: { facts: factsOf(after, facts), disagrees: { since, told: [] } } };
  });
}

interface Said {
  readonly after: Agreement;
  /** Where what is remembered of the agreement differs from what is remembered now. */
  readonly known?: Partial<KnownAgreement>;
}

/** AWS says something else about an agreement that, as the head remembers, goes on. The licenses stay as they are. */
function said(
  contract: SimulatedContract,
  change: (agreement: Agreement, known: KnownAgreement) => Said | null,
): readonly SimulatedLooks[] {
  const { head, now } = contract;
  const known = head.agreements?.find(({ facts }) => AGREEMENT_LIVES[facts.status] === 'goes-on');
  const said = known === undefined ? null : change(remembered(known, contract), known);
  if (known === undefined || said === null) return [];
  return [
    {
      at: now,
      observations: [quiet(licensesOf(contract))],
      agreements: [said.after],
      startHead: { agreements: [{ ...known, ...said.known }] },
    },
  ];
}

/** The agreement as AWS would describe it by what is remembered. Without terms, the remembered ones stay. */
function remembered({ facts }: KnownAgreement, contract: SimulatedContract): Agreement {
  const { agreementId, initialAgreementId, status, end } = facts;
  const { buyerAccountId, productId } = contractOf(contract.head.contract);
  const licenseArn = carrierLicense(contract)?.licenseArn;
  return {
    ...{ agreementId, initialAgreementId, status, end, buyerAccountId, productId },
    productSku: contract.product.productSku,
    start: null,
    updatedAt: contract.now,
    endTimeBehavior: null,
    offerId: null,
    renewalOfferId: null,
    licenseArns: licenseArn === undefined ? [] : [licenseArn],
    terms: null,
  };
}
