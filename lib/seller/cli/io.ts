import type { BuyerAccount } from '../aws/buyer-account.ts';
import type { DeadLetters } from '../aws/dead-letters.ts';
import type { DeploymentHealth } from '../aws/deployment-health.ts';
import type { Reads } from '../aws/reads.ts';
import type { TemplateHosting } from '../aws/template-bucket.ts';
import type { TestLicenseIssuer, TestParties } from '../aws/test-licenses.ts';
import type { Seller, WatcherStackOutputs } from '../aws/watcher-stack-outputs.ts';
import type { Archive, ContractRegister } from '../../domain/ledger/archive.ts';
import type {
  AgreementBook,
  BuyerBook,
  ContractBook,
  LastSeenBook,
  NoticeBook,
  ReachabilityBook,
  UsageBook,
} from '../../domain/ports.ts';
import type { SignedIdentity } from '../../messages/requests.ts';
import type { Connection, Surroundings } from './connect/connection.ts';
import type { Screen } from './output/text.ts';
import type { ReadableBuyers } from './readable-buyers.ts';

/** All that a command touches of the world. */
export interface World extends Surroundings {
  /** Data: what a script or a pipe wants. */
  readonly stdout: (text: string) => void;
  /** Messages: what a person wants to know. */
  readonly stderr: (text: string) => void;
  /** True where standard output is a terminal that wants colour. */
  readonly colour: boolean;
  /** Columns of the terminal that standard output is; undefined: it is none, and nothing is cut for it. */
  readonly width: number | undefined;
  /** True where standard error is a terminal that wants to see long work advance. */
  readonly progress: boolean;
  /** Resolves as soon as standard output takes more: at once, unless a pipe is read more slowly than we write. */
  readonly drained: () => Promise<void>;
  /** Aborted by Ctrl-C: whatever runs on ends its output in good order. */
  readonly interrupted: AbortSignal;
  /** Resolves after that time, or when interrupted. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** With the folders that are missing. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** The template for the buyers as cdk.json makes it, which takes seconds. */
  readonly buyerTemplate: () => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 128 bits or more that nobody can guess, of letters and digits: for an ExternalId, or for a request. */
  readonly newExternalId: () => string;
  readonly connect: (connection: Connection) => Promise<ConnectedWatcher>;
  /** What AWS shows of a deployed watcher, also of one that cannot be connected to. */
  readonly readHealth: (connection: Connection) => Promise<DeploymentHealth>;
}

/** The same, with what writes to its terminal. */
export interface Io extends World, Screen {}

/** A deployed watcher, found by its stack. */
export interface Watcher {
  readonly deployment: string;
  readonly sellerAccountId: string;
  readonly region: string;
  readonly sellerTopicArn: string;
  /** As buyers are to know the seller. */
  readonly seller: Seller;
  /** IDs of the products it watches. */
  readonly productIds: readonly string[];
  /** Of those, the ones whose SKU looks like a product code: no license is found by it. */
  readonly productCodes: readonly string[];
  /** `on`, `off`, or the role by which the agreements are read. */
  readonly agreementsSetting: string;
  /** Epoch milliseconds where a local cloud has a time of its own; undefined: it is everybody's. */
  readonly time: number | undefined;
  readonly buyers: ReadableBuyers;
  readonly contracts: Pick<ContractBook, 'head'>;
  readonly lastSeen: Pick<LastSeenBook, 'ofBuyer' | 'all'>;
  readonly usage: Pick<UsageBook, 'of'>;
  readonly reachability: Pick<ReachabilityBook, 'find'>;
  readonly notices: Pick<NoticeBook, 'settle' | 'due'>;
  readonly agreements: Pick<AgreementBook, 'all' | 'of' | 'reading'>;
  readonly archive: Archive;
  readonly register: ContractRegister;
  /** What was read of the tables so far. */
  readonly reads: () => Reads;
  readonly deadLetters: DeadLetters;
  /** Undefined: the deployed stack is of a version that hosts no template. */
  readonly templates: TemplateHosting | undefined;
  /** Invokes one of the watcher's functions, and waits for its answer: see `lib/messages`. */
  readonly invoke: (
    whom: keyof WatcherStackOutputs['functions'],
    request: unknown,
  ) => Promise<unknown>;
  /** Signs who we are, and with it what is asked: see `signIdentity`. `at`: epoch milliseconds. */
  readonly sign: (binding: string, at: number) => Promise<SignedIdentity>;
  /** Issues test licenses in the seller's own account. */
  readonly testLicenses: (
    parties: Omit<TestParties, 'partition' | 'region'>,
  ) => Promise<TestLicenseIssuer>;
  /** An account of a buyer's, by a profile of credentials for it. Undefined: by the keys of the local cloud. */
  readonly buyerAccount: (accountId: string, profile: string | undefined) => Promise<BuyerAccount>;
  /** Has the watcher end the watch of a revoked buyer: only its functions may write the audit table. */
  readonly endWatch: (buyerAccountId: string) => Promise<void>;
}

/** A watcher before a command works with it. */
export interface ConnectedWatcher extends Omit<Watcher, 'buyers'> {
  readonly buyers: Pick<BuyerBook, 'find' | 'list' | 'range' | 'put'>;
}
