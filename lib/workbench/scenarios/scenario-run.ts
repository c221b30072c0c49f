import type { Cloud } from '../cloud/cloud.ts';
import type { Mail } from '../cloud/mailbox.ts';
import type { Stack } from '../cloud/templates/stack.ts';
import type { TestLicenses } from './test-licenses.ts';

const MINUTE = 60_000;
const INTERVAL = 15 * MINUTE;

export interface ScenarioBuyer {
  readonly accountId: string;
  readonly name: string;
  /** One or more addresses, separated by commas, as in the command. */
  readonly email: string;
  readonly productId: string;
  /** Default: none. */
  readonly otherProductIds?: readonly string[];
}

/** The output of `license-watcher invite --json`: how the buyer launches its stack. */
export interface Invitation {
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ScenarioRunOptions {
  readonly cloud: Cloud;
  readonly licenses: TestLicenses;
  readonly buyerTemplate: string;
  /** Invites with the command line, as a seller does. */
  readonly invite: (buyer: ScenarioBuyer) => Promise<Invitation>;
  /** Prints one line about what happens, after the cloud's time. */
  readonly say: (at: number, line: string) => void;
}

/** Runs a scenario on a local cloud: lets time pass, runs sweeps, lets buyers come and go, and reports every e-mail as it arrives. */
export class ScenarioRun {
  readonly cloud: Cloud;
  readonly licenses: TestLicenses;
  readonly #options: ScenarioRunOptions;
  #sweeps = 0;
  #mailsSeen = 0;

  constructor(options: ScenarioRunOptions) {
    this.#options = options;
    this.cloud = options.cloud;
    this.licenses = options.licenses;
    // A quiet day needs no sweep; the scenario fires the sweeps that see something.
    this.cloud.schedules.pause();
  }

  get sweepCount(): number {
    return this.#sweeps;
  }

  say(line: string): void {
    this.#options.say(this.cloud.clock.now(), line);
  }

  /** Lets time pass until `instant`, without a sweep. */
  async at(instant: string): Promise<void> {
    await this.cloud.clock.advanceTo(Date.parse(instant));
    this.#reportMails();
  }

  /** Sweeps at the next tick at or after `instant` (default: now) and lets time pass until just before the tick after it. */
  async sweep(instant?: string): Promise<void> {
    const { clock } = this.cloud;
    const tick =
      Math.ceil((instant === undefined ? clock.now() : Date.parse(instant)) / INTERVAL) * INTERVAL;
    await clock.advanceTo(tick);
    this.fire();
    await clock.advanceTo(tick + INTERVAL - 1000);
    this.#reportMails();
  }

  /** Starts the sweep of this instant, which must be a tick. Its results follow as time goes on. */
  fire(): void {
    const { clock, schedules } = this.cloud;
    schedules.fire(clock.now());
    this.#sweeps += 1;
  }

  /** Sweeps at `count` ticks, one after the other. */
  async sweeps(count: number, from?: string): Promise<void> {
    if (from !== undefined) await this.at(from);
    for (let index = 0; index < count; index += 1) await this.sweep();
  }

  /** Sweeps once for each of `days`: at the first tick at or after that many days before `end`. */
  async sweepsBefore(end: string, days: readonly number[]): Promise<void> {
    for (const day of days)
      await this.sweep(new Date(Date.parse(end) - day * 24 * 60 * MINUTE).toISOString());
  }

  /** Invites a buyer that is already watched for one more product. */
  async invite(buyer: ScenarioBuyer): Promise<void> {
    await this.#options.invite(buyer);
  }

  /** Invites a buyer, launches its stack, and (unless told otherwise) clicks on the link in the first e-mail at once. */
  async join(buyer: ScenarioBuyer, options: { readonly confirms?: boolean } = {}): Promise<Stack> {
    const { cloud, buyerTemplate, invite } = this.#options;
    const { stackName, parameters } = await invite(buyer);
    if (options.confirms !== false)
      for (const address of buyer.email.split(',')) cloud.mailbox.autoConfirm(address.trim());
    const stack = await cloud.deploy(buyer.accountId, {
      stackName,
      parameters,
      template: buyerTemplate,
      capabilities: ['CAPABILITY_IAM'],
    });
    this.say(
      `${buyer.name} (${buyer.accountId}) deploys the buyer stack: ${stack.outputs['SelfTest'] ?? ''}`,
    );
    return stack;
  }

  /** All notifications so far about what happened, in the order of arrival. The weekly pipelines are left out: they tell what is to come. */
  notices(): readonly Mail[] {
    return this.#notifications().filter(({ subject }) => !subject.startsWith('Pipeline: '));
  }

  #notifications(): readonly Mail[] {
    return this.cloud.mailbox.all().filter(({ kind }) => kind === 'notification');
  }

  #reportMails(): void {
    const notices = this.#notifications();
    for (const { at, to, subject } of notices.slice(this.#mailsSeen))
      this.#options.say(at, `mail to ${to}: ${subject}`);
    this.#mailsSeen = notices.length;
  }
}
