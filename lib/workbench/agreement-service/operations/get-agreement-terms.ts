import { DAY, type Agreement, type Renewal } from '../agreement.ts';
import { agreementIdOf, pageOf, requireKnown, type Body, type Operation } from '../operation.ts';
import { ownAgreement, partyContext } from './describe-agreement.ts';

export const getAgreementTerms: Operation = {
  name: 'GetAgreementTerms',
  context: partyContext,
  perform: (input, call) => {
    requireKnown(input, ['agreementId', 'maxResults', 'nextToken'], 'GetAgreementTerms');
    const id = agreementIdOf(input);
    const terms = termsOf(ownAgreement(id, call));
    const { members, nextToken } = pageOf(terms, input, `terms of ${id}`);
    return { acceptedTerms: members, ...(nextToken !== undefined && { nextToken }) };
  },
};

/** The terms, each a union with exactly one member. The pricing is in the middle, to expose a reader that stops after the first. */
function termsOf(agreement: Agreement): Body[] {
  const { id, offer, renewal } = agreement;
  const named = (type: string): Body => ({ type, id: `term-${type}-${id}`.slice(0, 64) });
  return [
    {
      legalTerm: {
        ...named('LegalTerm'),
        documents: [
          { type: 'StandardEula', url: 'https://s3.amazonaws.com/eula.txt', version: '2022-07-14' },
        ],
      },
    },
    { supportTerm: { ...named('SupportTerm'), refundPolicy: 'No refunds.' } },
    offer.kind === 'private'
      ? { fixedUpfrontPricingTerm: fixedTerm(agreement, named('FixedUpfrontPricingTerm')) }
      : {
          configurableUpfrontPricingTerm: configurableTerm(
            agreement,
            named('ConfigurableUpfrontPricingTerm'),
          ),
        },
    ...(renewal === undefined ? [] : [{ renewalTerm: renewalTerm(renewal, named('RenewalTerm')) }]),
    {
      validityTerm: {
        ...named('ValidityTerm'),
        ...(agreement.endTime === undefined ? {} : { agreementDuration: durationOf(agreement) }),
      },
    },
  ];
}

/** The configuration has what was bought; the rate card has every dimension, bought or not. */
function configurableTerm(agreement: Agreement, named: Body): Body {
  const selector = { type: 'Duration', value: durationOf(agreement) };
  const keys = [...Object.keys(agreement.dimensions), 'NotBought'];
  return {
    ...named,
    currencyCode: 'USD',
    rateCards: [
      {
        selector,
        constraints: { multipleDimensionSelection: 'Allowed', quantityConfiguration: 'Allowed' },
        rateCard: keys.map((dimensionKey) => ({ dimensionKey, price: '100.00' })),
      },
    ],
    configuration: {
      selectorValue: selector.value,
      dimensions: Object.entries(agreement.dimensions).map(([dimensionKey, dimensionValue]) => ({
        dimensionKey,
        dimensionValue,
      })),
    },
  };
}

function fixedTerm(agreement: Agreement, named: Body): Body {
  return {
    ...named,
    currencyCode: 'USD',
    duration: durationOf(agreement),
    price: '105000.00',
    grants: Object.entries(agreement.dimensions).map(([dimensionKey, maxQuantity]) => ({
      dimensionKey,
      maxQuantity,
    })),
  };
}

function renewalTerm({ enableAutoRenew, lockoutDays }: Renewal, named: Body): Body {
  return {
    ...named,
    configuration: { enableAutoRenew },
    ...(lockoutDays !== undefined && { lockoutPeriod: `P${lockoutDays}D` }),
  };
}

function durationOf({ startTime, endTime }: Agreement): string {
  return endTime === undefined ? 'P1M' : `P${Math.round((endTime - startTime) / DAY)}D`;
}
