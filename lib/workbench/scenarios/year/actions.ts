import { BUYER_OUTPUTS } from '../../../messages/names.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import type { Stack } from '../../cloud/templates/stack.ts';
import { skuOf } from '../participants.ts';
import type { LicenseAgreements, Sale } from '../license-agreements.ts';
import type { ScenarioRun, ScenarioBuyer } from '../scenario-run.ts';
import {
  TestLicenses,
  type EntitlementTerms,
  type IssuedLicense,
  type Terms,
} from '../test-licenses.ts';
import type { IamRegistry } from '../../cloud/iam/registry.ts';

/** The actions of the year's scripts. A title names a license, and a buyer its stack. */
export class ScenarioActions {
  readonly cloud: Cloud;
  readonly #scenario: ScenarioRun;
  readonly #licenses = new Map<string, IssuedLicense>();
  readonly #stacks = new Map<ScenarioBuyer, Stack>();

  constructor(scenario: ScenarioRun) {
    this.#scenario = scenario;
    this.cloud = scenario.cloud;
  }

  async join(buyer: ScenarioBuyer, options?: { readonly confirms: boolean }): Promise<void> {
    this.#stacks.set(buyer, await this.#scenario.join(buyer, options));
  }

  /** The buyer deletes the stack, and with it role and topic. */
  async leave(buyer: ScenarioBuyer): Promise<void> {
    const { cloudFormation } = this.cloud;
    const stack = this.stackOf(buyer);
    cloudFormation.deleteStack(buyer.accountId, stack.name);
    await this.cloud.until(cloudFormation.done(stack));
    if (stack.status !== 'DELETE_COMPLETE')
      throw new Error(`the stack of ${buyer.name} is ${stack.status}: ${stack.statusReason}`);
  }

  /** Clicks on the link in every confirmation that the buyer has, and in later ones. */
  confirm({ email }: ScenarioBuyer): void {
    this.cloud.mailbox.autoConfirm(email);
  }

  /** Clicks on the unsubscribe link of the last notice, as the buyer or a mail scanner. */
  unsubscribe(buyer: ScenarioBuyer): void {
    this.cloud.mailbox.unsubscribe(buyer.email, this.#topicOf(buyer));
  }

  /** Subscribes the buyer's address in the SNS console of the buyer's account; the buyer confirms at once. */
  subscribe(buyer: ScenarioBuyer): void {
    const { topics, mailbox } = this.cloud;
    topics.subscribe({
      topicArn: this.#topicOf(buyer),
      protocol: 'email',
      endpoint: buyer.email,
      ownerAccountId: buyer.accountId,
    });
    mailbox.autoConfirm(buyer.email);
  }

  #topicOf(buyer: ScenarioBuyer): string {
    return this.stackOf(buyer).outputs[BUYER_OUTPUTS.noticeTopicArn] ?? '';
  }

  /** Sells, issues and grants a license and accepts the grant, which is active unless told otherwise. */
  async issue(
    title: string,
    { accountId, productId }: ScenarioBuyer,
    terms: Terms,
    { grant = 'ACTIVE', ...sale }: Sale & { readonly grant?: 'ACTIVE' | 'DISABLED' } = {},
  ): Promise<void> {
    const { clock, licenseManager } = this.cloud;
    const license = await this.#scenario.licenses.grant(accountId, skuOf(productId), terms, sale);
    if (licenseManager.switches.grantWorkflow === 'one-minute')
      await clock.advanceTo(clock.now() + 60_000);
    await this.#scenario.licenses.accept(license);
    if (grant === 'DISABLED') await this.#scenario.licenses.setGrant(license, grant);
    this.#licenses.set(title, license);
  }

  /** Issues a license under the product's SKU from another account; the buyer accepts it. */
  async issueBy(
    issuerAccountId: string,
    { accountId, productId }: ScenarioBuyer,
    terms: Terms,
  ): Promise<void> {
    const { cloud } = this;
    const stranger = new TestLicenses(cloud, issuerAccountId, (account) => cloud.keys(account));
    await stranger.issue(accountId, skuOf(productId), terms);
  }

  /** Amends the agreement of a license, which makes a new version. */
  async amend(title: string, change: Partial<Terms>, status?: string): Promise<void> {
    this.#licenses.set(
      title,
      await this.#scenario.licenses.amend(this.license(title), change, status),
    );
  }

  async setGrant(title: string, status: 'ACTIVE' | 'DISABLED'): Promise<void> {
    await this.#scenario.licenses.setGrant(this.license(title), status);
  }

  async cancel(title: string): Promise<void> {
    await this.#scenario.licenses.cancel(this.license(title));
  }

  /** Gives a title to the license that AWS created at the end of a renewing agreement. */
  nameRenewed(title: string, before: string): void {
    const { issued } = this.#scenario.licenses;
    const old = this.#agreements.of(this.license(before).licenseArn);
    const next = issued.find(
      ({ licenseArn }) => this.#agreements.of(licenseArn)?.previousAgreementId === old?.id,
    );
    if (next === undefined) throw new Error(`AWS has not renewed "${before}"`);
    this.#licenses.set(title, next);
  }

  /** One party switches renewal off, or on again. */
  setAutoRenew(title: string, party: 'buyer' | 'seller', on: boolean): void {
    this.#agreements.setAutoRenew(this.license(title).licenseArn, party, on);
  }

  /** The seller asks to cancel. */
  requestCancellation(title: string): void {
    this.#agreements.requestCancellation(this.license(title).licenseArn);
  }

  /** The buyer refuses what the seller asked. */
  rejectCancellation(title: string): void {
    this.#agreements.rejectCancellation(this.license(title).licenseArn);
  }

  /** AWS issues or resolves an advisory on the agreement. */
  advise(title: string, what: 'Issued' | 'Resolved'): void {
    this.#agreements.advise(this.license(title).licenseArn, what);
  }

  get #agreements(): LicenseAgreements {
    const { agreements } = this.#scenario.licenses;
    if (agreements === undefined) throw new Error('nothing is sold in this scenario');
    return agreements;
  }

  /** The buyer's products use `amount` of the entitlement; `PERPETUAL` means for good. */
  async use(
    title: string,
    entitlement: EntitlementTerms,
    amount: number,
    type: 'PROVISIONAL' | 'PERPETUAL',
  ): Promise<void> {
    await this.#scenario.licenses.checkOut(this.license(title), entitlement, amount, type);
  }

  license(title: string): IssuedLicense {
    const license = this.#licenses.get(title);
    if (license === undefined)
      throw new Error(
        `the scenario knows no license "${title}"; there is ${[...this.#licenses.keys()].join(', ')}`,
      );
    return license;
  }

  stackOf(buyer: ScenarioBuyer): Stack {
    const stack = this.#stacks.get(buyer);
    if (stack === undefined) throw new Error(`${buyer.name} has not joined yet`);
    return stack;
  }

  readingRoleOf(buyer: ScenarioBuyer): string {
    const { outputs, name } = this.stackOf(buyer);
    const roleArn = outputs[BUYER_OUTPUTS.readingRoleArn];
    if (roleArn === undefined)
      throw new Error(`the stack ${name} has no output ${BUYER_OUTPUTS.readingRoleArn}`);
    return roleArn;
  }
}

/** Deletes a role by hand, past CloudFormation. Returns a function that creates the same role again, as in the template. */
export function removeRoleByHand(iam: IamRegistry, arn: string): () => void {
  const role = iam.role(arn);
  if (role === undefined) throw new Error(`there is no role ${arn} to remove`);
  for (const name of role.inline.keys()) iam.deleteRolePolicy(arn, name);
  iam.deleteRole(arn);
  return () => {
    iam.createRole(role);
    for (const [name, document] of role.inline) iam.putRolePolicy(arn, name, document);
  };
}
