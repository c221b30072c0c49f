import { endTimeBehavior } from '../agreement-service/agreement.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { ScenarioRun } from '../scenarios/scenario-run.ts';
import type { IssuedLicense } from '../scenarios/test-licenses.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { instant } from '../../domain/time.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { date } from '../../mail/dates.ts';
import { buyerStackOf, type BuyerLever, type BuyerSituation } from './levers/buyer-levers.ts';
import { LICENSE_LEVERS } from './levers/license-levers.ts';
import { bought, gone, type LicenseSituation } from './levers/license-situation.ts';
import { amountWords, type ConsoleProduct } from './products.ts';
import type { ShownBuyer, ShownLicense } from './wire.ts';

interface Options {
  readonly cloud: Cloud;
  readonly run: ScenarioRun;
  readonly products: readonly ConsoleProduct[];
  readonly levers: readonly BuyerLever[];
}

/** The buyers and licenses on which levers can be pulled, in their current state. */
export class LeverTargets {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  shown(buyers: readonly Buyer[]): readonly ShownBuyer[] {
    return buyers.map((buyer) => {
      const situation = this.buyer(buyer);
      const levers = this.#options.levers.map(({ id, title, refusal }) => ({
        id,
        title,
        refusal: refusal(situation),
      }));
      const own = this.#options.run.licenses.issued.filter(
        ({ buyerAccountId }) => buyerAccountId === buyer.buyerAccountId,
      );
      const licenses = own.map((license) => shownLicense(this.#license(license)));
      const { buyerAccountId: account, name, status } = buyer;
      return { account, name: cleanText(name), status, levers, licenses };
    });
  }

  buyer({
    buyerAccountId: account,
    name,
    productIds: [productId = '', ...otherProductIds],
  }: Buyer): BuyerSituation {
    return {
      account,
      name,
      productId,
      otherProductIds,
      stack: buyerStackOf(this.#options.cloud, account),
    };
  }

  /** The license with this ARN; throws if there is none. */
  license(arn: string): LicenseSituation {
    const license = this.#options.run.licenses.issued.find(({ licenseArn }) => licenseArn === arn);
    if (license === undefined) throw new Error(`no license ${arn} was issued in this local cloud`);
    return this.#license(license);
  }

  #license(license: IssuedLicense): LicenseSituation {
    const { licenseManager, clock } = this.#options.cloud;
    const found = licenseManager.licenses().find(({ arn }) => arn === license.licenseArn);
    const product = this.#options.products.find(
      ({ productSku }) => productSku === license.productSku,
    );
    if (found === undefined || product === undefined)
      throw new Error(
        `License Manager does not know ${license.licenseArn}, or nobody the product ${license.productSku}`,
      );
    const { Name: name } = bought({ license });
    const { agreements } = this.#options.run.licenses;
    return {
      license,
      product,
      status: found.status,
      used: found.used[name] ?? 0,
      agreement: agreements?.of(license.licenseArn),
      isCancellationRequested: agreements?.cancellationRequest(license.licenseArn) !== undefined,
      isAdvised: agreements?.isAdvised(license.licenseArn) ?? false,
      now: clock.now(),
    };
  }
}

const AT_END = {
  RENEW: ', then renews by itself',
  REPLACE: ', then moves to the public offer',
  EXPIRE: '',
} as const;

function atEnd({ agreement }: LicenseSituation): string {
  const type = agreement && endTimeBehavior(agreement)?.type;
  return type === undefined ? '' : AT_END[type];
}

function shownLicense(situation: LicenseSituation): ShownLicense {
  const { license, product, status, used } = situation;
  const { end } = license.terms;
  const until = end === undefined ? 'without end' : `until ${date(instant(Date.parse(end)))}`;
  const grant = license.grantStatus === 'ACTIVE' ? '' : `, grant ${license.grantStatus}`;
  const words = `${amountWords(bought(situation))}${used > 0 ? ` (${used} used)` : ''}, ${until}${atEnd(situation)}, ${status}${grant}`;
  const isGone = gone(situation) !== null;
  const levers = (isGone ? [] : LICENSE_LEVERS).map(({ id, title, refusal }) => ({
    id,
    title: title(situation),
    refusal: refusal(situation),
  }));
  const isUsable =
    status === 'AVAILABLE' &&
    license.grantStatus === 'ACTIVE' &&
    (end === undefined || Date.parse(end) > situation.now);
  return {
    arn: license.licenseArn,
    product: product.name,
    words: isGone ? `${words}. To sell another, use the form “New buyer”.` : words,
    isUsable,
    levers,
  };
}
