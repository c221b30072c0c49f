import type { AgreementReading } from '../../../../domain/agreement/kept-agreement.ts';
import {
  MARKETPLACE_FINGERPRINT,
  PRODUCT_CODE_REMEDY,
  productCodeWords,
} from '../../../../domain/license/product.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import { counted } from '../../../../mail/dates.ts';
import type { DeployedProduct } from '../../../../messages/requests.ts';
import type { Reading } from '../../../aws/deployment-health.ts';
import { findingsIn } from '../doctor/finding.ts';
import { entitlementFindings } from './entitlements.ts';
import type { PreflightFinding, SeenContract } from './facts.ts';
import { grantFindings, probeFindings } from './probes.ts';

const inSettings = findingsIn('settings');
const inAgreements = findingsIn('agreements');
const inEntitlements = findingsIn('entitlements');

export interface ProductFacts {
  readonly product: DeployedProduct;
  /** True if its SKU has the form of a product code. */
  readonly isProductCode: boolean;
  /** `on`, `off`, or the role that reads them. */
  readonly agreementsSetting: string;
  readonly reading: Reading<AgreementReading | undefined>;
  /** How many agreements name one of its SKUs, and how many of them go on. */
  readonly agreements: { readonly all: number; readonly goOn: number };
  /** The contracts whose licenses were seen. */
  readonly contracts: readonly SeenContract[];
  /** True on the local cloud, which has test licenses only. */
  readonly local: boolean;
}

/** Whether the watcher will find what buyers have of the product, and understand it. */
export function judgeProduct(facts: ProductFacts): readonly PreflightFinding[] {
  const { product, contracts } = facts;
  return [
    skuFinding(facts),
    fingerprintFinding(facts),
    ...agreementFindings(facts),
    ...(contracts.length === 0
      ? [nothingSeen(facts)]
      : [
          ...entitlementFindings(product, contracts),
          ...grantFindings(contracts),
          ...probeFindings(contracts),
        ]),
  ];
}

function isSold({ issuerFingerprint }: DeployedProduct): boolean {
  return issuerFingerprint === MARKETPLACE_FINGERPRINT;
}

const PRODUCT_ID =
  /^(?:prod-[a-z0-9]{8,32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

function skuFinding({ product, isProductCode }: ProductFacts): PreflightFinding {
  const { id, productSku, formerSkus } = product;
  if (isProductCode)
    return inSettings.failure(productCodeWords([id]), { remedy: PRODUCT_CODE_REMEDY });
  if (!isSold(product)) return inSettings.ok(`the SKU is ${productSku}, of licenses of your own`);
  const odd = [productSku, ...formerSkus].filter((sku) => !PRODUCT_ID.test(sku));
  return odd.length === 0
    ? inSettings.ok(`the SKU ${productSku} has the form of a product ID`)
    : inSettings.warning(`${odd.join(', ')}: neither prod-... nor a GUID`, {
        detail: 'a SKU that is not a product ID finds no license, and gives no error',
        remedy:
          'compare it with the product ID of the Marketplace management portal, and correct productSku or formerSkus in cdk.json',
      });
}

function fingerprintFinding(facts: ProductFacts): PreflightFinding {
  const { product, agreements, local } = facts;
  if (isSold(product)) return inSettings.ok('the fingerprint is the one of real purchases');
  const what = `only licenses with the fingerprint ${cleanText(product.issuerFingerprint, 220)} count: test licenses`;
  if (local)
    return inSettings.ok(what, {
      detail: 'this is normal on the local cloud, where nobody else issues licenses',
    });
  const remedy = `for production leave issuerFingerprint of ${product.id} out in cdk.json, and deploy`;
  if (agreements.all > 0)
    return inSettings.failure(what, {
      detail: `yet ${counted(agreements.all, 'agreement')} of it were made: what these buyers bought is not seen`,
      remedy,
    });
  return inSettings.warning(what, {
    detail: 'this is right for a test product, which nobody can buy',
    remedy,
  });
}

function agreementFindings(facts: ProductFacts): readonly PreflightFinding[] {
  const { product, agreementsSetting, reading, agreements } = facts;
  const skus = [product.productSku, ...product.formerSkus].join(', ');
  if (!isSold(product) && agreements.all === 0) return [];
  if (agreements.all > 0)
    return [
      inAgreements.ok(
        `${counted(agreements.all, 'agreement')} of ${skus}, ${agreements.goOn} in force`,
      ),
    ];
  const unknown = `whether ${skus} stands in an agreement is not known`;
  if (agreementsSetting === 'off')
    return [
      inAgreements.warning(`${unknown}: the setting agreements is "off"`, {
        remedy: 'set agreements to "on" in cdk.json and deploy, or compare the SKU by hand',
      }),
    ];
  if (reading.kind !== 'read')
    return [inAgreements.unread('the progress of their reading', reading)];
  if (reading.value !== undefined && reading.value.trouble !== null)
    return [
      inAgreements.warning(`${unknown}: they cannot be read`, {
        remedy: '"license-watcher doctor" says why, and what to do',
      }),
    ];
  if (reading.value === undefined || reading.value.fullAt === null)
    return [
      inAgreements.warning(`${unknown}: they have not all been read yet`, {
        remedy: 'run this again after the next tick',
      }),
    ];
  const { otherProducts, otherSellers } = reading.value.found;
  return [
    inAgreements.warning(`no agreement names ${skus}`, {
      detail: `left out: ${otherProducts} of other products, ${otherSellers} that another account proposed`,
      remedy:
        otherProducts === 0
          ? 'nothing to do if nobody has bought yet, or if only channel partners sell; else compare it with the product ID of the Marketplace management portal'
          : 'compare it with the product ID of the Marketplace management portal: your account sold something, but not under this SKU',
    }),
  ];
}

function nothingSeen({ product, local }: ProductFacts): PreflightFinding {
  const us = local ? 'license-watcher --local' : 'license-watcher';
  return inEntitlements.warning('no license was seen yet', {
    detail: 'names, units, grant and probe can be judged only from a license that a buyer has',
    remedy: isSold(product)
      ? 'invite a buyer, or try a product with test licenses (docs/first-day.md)'
      : `invite yourself, then: ${us} test-license <account> ${product.id}`,
  });
}
