import type { BuyerAccount } from '../../lib/seller/aws/buyer-account.ts';
import type { DeadLetterQueues } from '../../lib/seller/aws/dead-letters.ts';
import type { SellerProfile } from '../../lib/seller/aws/watcher-stack-outputs.ts';
import type { TestLicenseIssuer } from '../../lib/seller/aws/test-licenses.ts';
import type { DeploymentHealth } from '../../lib/seller/aws/deployment-health.ts';
import { memoryReading } from './memory/memory-reading.ts';
import { memoryWatchStore } from './memory/memory-watch-store.ts';
import { emptyTables } from './memory/tables.ts';
import type { ReadCounts } from '../../lib/seller/aws/tables.ts';
import type { Connection } from '../../lib/seller/cli/connect/connection.ts';
import { main } from '../../lib/seller/cli/main.ts';
import { tooLarge } from '../../lib/seller/cli/output/failure.ts';
import type { Archive, ContractRegister } from '../../lib/seller/ledger/archive.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import type { TellUnreadable, WatchStore } from '../../lib/domain/ports.ts';
import type { ConnectedWatcher } from '../../lib/seller/cli/io.ts';
import { instant } from '../../lib/domain/time.ts';
import { scenarioBuyerTemplate } from './assembly.ts';
import { REGISTERED } from './records.ts';
import { HostingInMemory } from './hosting-in-memory.ts';

const SOLD = { contact: 'support@software.example', reminderDays: [60, 30, 7] };

/** The command line in this process, with a watcher in memory. */
export class Terminal {
  readonly #tables = emptyTables();
  readonly store: WatchStore = memoryWatchStore(this.#tables);
  readonly files = new Map<string, string>();
  readonly connections: Connection[] = [];
  readonly ended: string[] = [];
  /** Undefined if the deployed stack hosts no template. */
  templates: HostingInMemory | undefined = new HostingInMemory();
  buyerTemplate: () => Promise<string> = scenarioBuyerTemplate;
  /** The time of a local cloud. */
  time: number | undefined;
  agreementsSetting = 'off';
  productCodes: readonly string[] = [];
  seller: SellerProfile = {
    name: 'Example Software',
    securityContact: null,
    products: [
      { id: 'scanner', ...SOLD, name: 'Example Scanner' },
      { id: 'viewer', ...SOLD, name: 'Example Viewer' },
    ],
  };
  /** The requests to functions; `answer` gives their answers. */
  readonly requested: { readonly whom: string; readonly request: unknown }[] = [];
  /** What was signed, apart from the caller's identity. */
  readonly signed: string[] = [];
  answer: (request: unknown) => unknown = () => {
    throw new Error('no function answers here');
  };
  /** What AWS shows of the deployment. */
  health: () => Promise<DeploymentHealth> = () =>
    Promise.reject(new Error('no deployment is examined here'));
  /** The issuer of a seller that may issue test licenses. */
  testLicenses: () => Promise<TestLicenseIssuer> = () =>
    Promise.reject(new Error('no license is issued here'));
  buyerAccount: (accountId: string, profile: string | undefined) => Promise<BuyerAccount> = () =>
    Promise.reject(new Error('no account of a buyer is here'));
  deadLetters: DeadLetterQueues = {
    list: () => Promise.resolve([]),
    moveBack: () => Promise.resolve(),
  };
  reads: ReadCounts = { calls: 0, scans: 0, units: 0 };
  interruption = new AbortController();
  /** Replaces pauses. */
  paused: (milliseconds: number) => Promise<void> = () => Promise.resolve();
  /** Returns the archive to read, instead of the one in memory. */
  archive: (inMemory: Archive) => Archive = (inMemory) => inMemory;
  /** Returns the register to read, instead of the one in memory. */
  register: (inMemory: ContractRegister) => ContractRegister = (inMemory) => inMemory;
  /** Returns parts of the watcher to read instead of those in memory. */
  parts: (unreadable: TellUnreadable) => Partial<ConnectedWatcher> = () => ({});
  /** Resolves when standard output takes more. */
  drained: () => Promise<void> = () => Promise.resolve();
  progress = false;
  /** Paths that cannot be written. */
  unwritable: ReadonlySet<string> = new Set();
  env: Record<string, string | undefined> = {};
  now = Date.parse('2026-03-01T10:00:00Z');
  colour = false;
  /** Undefined if standard output is not a terminal. */
  width: number | undefined = 80;
  out = '';
  /** The error of a command, as one line; `screen` has its lines. */
  err = '';
  /** Both outputs, as one terminal shows them. */
  screen = '';
  /** Thrown instead of connecting. */
  trouble: Error | undefined;
  #ids = 0;

  /** Runs one command; `out` and `err` then have its output. */
  run(...argv: string[]): Promise<number> {
    this.out = '';
    this.err = '';
    this.screen = '';
    return main(argv, {
      stdout: (text) => {
        this.out += text;
        this.screen += text;
      },
      stderr: (text) => {
        this.err += unwrapped(text);
        this.screen += text;
      },
      colour: this.colour,
      width: this.width,
      progress: this.progress,
      drained: () => this.drained(),
      interrupted: this.interruption.signal,
      pause: (milliseconds) => this.paused(milliseconds),
      env: this.env,
      readFile: (path, most) => {
        const text = this.files.get(path);
        return Buffer.byteLength(text ?? '') > most
          ? Promise.reject(tooLarge(path, most))
          : Promise.resolve(text);
      },
      writeFile: (path, text) => {
        if (this.unwritable.has(path)) return Promise.reject(new Error('ENOSPC'));
        this.files.set(path, text);
        return Promise.resolve();
      },
      buyerTemplate: () => this.buyerTemplate(),
      now: () => this.now,
      newExternalId: () => `external-id-${(this.#ids += 1)}`,
      readHealth: () => (this.trouble === undefined ? this.health() : Promise.reject(this.trouble)),
      connect: (connection, unreadable) => {
        this.connections.push(connection);
        if (this.trouble !== undefined) return Promise.reject(this.trouble);
        const reading = memoryReading(this.#tables);
        return Promise.resolve({
          deployment: connection.deployment,
          region: connection.region,
          sellerAccountId: '999900001111',
          sellerTopicArn: 'arn:aws:sns:us-east-1:999900001111:seller',
          seller: this.seller,
          productIds: ['scanner', 'viewer'],
          productCodes: this.productCodes,
          agreementsSetting: this.agreementsSetting,
          time: this.time,
          buyers: this.store.buyers,
          contracts: this.store.contracts,
          lastSeen: this.store.lastSeen,
          usage: this.store.usage,
          reachability: this.store.reachability,
          notices: this.store.notices,
          agreements: this.store.agreements,
          ...reading,
          archive: this.archive(reading.archive),
          register: this.register(reading.register),
          reads: () => this.reads,
          deadLetters: this.deadLetters,
          templates: this.templates,
          sign: (binding, at) => {
            this.signed.push(binding);
            return Promise.resolve({
              accessKeyId: 'AKIAEXAMPLE012345678',
              signedAt: instant(at),
              signature: 'a'.repeat(64),
              sessionToken: null,
            });
          },
          invoke: async (whom, request) => {
            this.requested.push({ whom, request });
            return Promise.resolve(this.answer(request));
          },
          testLicenses: () => this.testLicenses(),
          buyerAccount: (...whose) => this.buyerAccount(...whose),
          endWatch: (accountId) => {
            this.ended.push(accountId);
            return Promise.resolve();
          },
          ...this.parts(unreadable),
        });
      },
    });
  }

  json(): unknown {
    return JSON.parse(this.out);
  }

  /** The output of a command that prints an object on each line. */
  jsonLines(): Record<string, unknown>[] {
    const lines = this.out.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The profile of an invited buyer. */
  async profile(account: string): Promise<Buyer> {
    const buyer = await this.store.buyers.find(account);
    if (buyer === undefined) throw new Error(`${account} was not invited`);
    return buyer;
  }

  /** Changes a buyer's profile, as if more had happened since. */
  async becomes(account: string, changes: Partial<Buyer>): Promise<void> {
    const buyer = await this.profile(account);
    const isPut = await this.store.buyers.put({ ...buyer, ...changes }, buyer, REGISTERED);
    if (!isPut) throw new Error(`${account} was changed meanwhile`);
  }
}

function unwrapped(text: string): string {
  return text.startsWith('license-watcher: ') ? text.replaceAll(/\n {2}(?=\S)/g, ' ') : text;
}
