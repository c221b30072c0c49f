import type { BuyerAccount } from '../aws/buyer-account.ts';
import type { DeadLetterQueues } from '../aws/dead-letters.ts';
import type { DeploymentHealth } from '../aws/deployment-health.ts';
import type { ReadCounts } from '../aws/tables.ts';
import type { TemplateBucket } from '../aws/template-bucket.ts';
import type { TestLicenseIssuer, TestParties } from '../aws/test-licenses.ts';
import type { SellerProfile, WatcherStackOutputs } from '../aws/watcher-stack-outputs.ts';
import type { Archive, ContractRegister } from '../ledger/archive.ts';
import type {
  AgreementBook,
  BuyerBook,
  ContractBook,
  LastSeenBook,
  NoticeBook,
  ReachabilityBook,
  TellUnreadable,
  UsageBook,
} from '../../domain/ports.ts';
import type { SignedIdentity } from '../../messages/requests.ts';
import type { Surroundings } from './connect/aws-files.ts';
import type { Connection } from './connect/connection.ts';
import type { Screen } from './output/text.ts';
import type { PassOver, ReadableBuyers } from './readable-buyers.ts';

/** Everything outside itself that a command touches. */
export interface World extends Surroundings {
  /** Data, for a script or a pipe. */
  readonly stdout: (text: string) => void;
  /** Messages, for a person. */
  readonly stderr: (text: string) => void;
  /** True if standard output is a terminal that wants color. */
  readonly colour: boolean;
  /** Columns of the terminal that standard output is; undefined: it is no terminal, and nothing is cut to fit. */
  readonly width: number | undefined;
  /** True if standard error is a terminal that wants to see the progress of long work. */
  readonly progress: boolean;
  /** Resolves when standard output can take more: at once, unless a pipe is read more slowly than we write. */
  readonly drained: () => Promise<void>;
  /** Aborted by Ctrl-C: a command that is still running then ends its output in good order. */
  readonly interrupted: AbortSignal;
  /** Resolves after this time, or when interrupted. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Writes a file, and creates the folders that are missing. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** Makes the template for the buyers from cdk.json, which takes seconds. */
  readonly buyerTemplate: () => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A random text of letters and digits with at least 128 bits, for an ExternalId or a request. */
  readonly newExternalId: () => string;
  /** `unreadable` is told of items of the tables that cannot be read, and are left out of lists. */
  readonly connect: (
    connection: Connection,
    unreadable: TellUnreadable,
  ) => Promise<ConnectedWatcher>;
  /** Reads what AWS shows of a deployed watcher, even one that cannot be connected to. */
  readonly readHealth: (connection: Connection) => Promise<DeploymentHealth>;
}

/** The world, with the functions that write to its terminal. */
export interface Io extends World, Screen {}

/** A deployed watcher, found by its stack. */
export interface Watcher {
  readonly deployment: string;
  readonly sellerAccountId: string;
  readonly region: string;
  readonly sellerTopicArn: string;
  /** The seller as it presents itself to buyers. */
  readonly seller: SellerProfile;
  /** IDs of the products it watches. */
  readonly productIds: readonly string[];
  /** Those of them whose SKU looks like a product code: no license is found by it. */
  readonly productCodes: readonly string[];
  /** `on`, `off`, or the role that reads the agreements. */
  readonly agreementsSetting: string;
  /** The time of a local cloud that has its own, in epoch milliseconds; undefined: real time. */
  readonly time: number | undefined;
  readonly buyers: ReadableBuyers;
  readonly contracts: Pick<ContractBook, 'head'>;
  readonly lastSeen: Pick<LastSeenBook, 'ofBuyer' | 'all'>;
  readonly usage: Pick<UsageBook, 'of'>;
  readonly reachability: Pick<ReachabilityBook, 'find'>;
  readonly notices: Pick<NoticeBook, 'changeState' | 'due'>;
  readonly agreements: Pick<AgreementBook, 'all' | 'of' | 'reading'>;
  readonly archive: Archive;
  readonly register: ContractRegister;
  /** What was read from the tables so far. */
  readonly reads: () => ReadCounts;
  readonly deadLetters: DeadLetterQueues;
  /** Undefined: the deployed stack's version hosts no template. */
  readonly templates: TemplateBucket | undefined;
  /** Invokes one of the watcher's functions, and waits for its answer: see `lib/messages`. */
  readonly invoke: (
    whom: keyof WatcherStackOutputs['functions'],
    request: unknown,
  ) => Promise<unknown>;
  /** Signs our identity together with the request: see `signIdentity`. `at`: epoch milliseconds. */
  readonly sign: (binding: string, at: number) => Promise<SignedIdentity>;
  /** Issues test licenses in the seller's own account. */
  readonly testLicenses: (
    parties: Omit<TestParties, 'partition' | 'region'>,
  ) => Promise<TestLicenseIssuer>;
  /** Opens a buyer's account with a profile of credentials for it. Undefined: with the keys of the local cloud. */
  readonly buyerAccount: (accountId: string, profile: string | undefined) => Promise<BuyerAccount>;
  /** Has the watcher end the watch of a revoked buyer: only its functions may write the audit table. */
  readonly endWatch: (buyerAccountId: string) => Promise<void>;
  /** Is told of an item that cannot be read. It is named when the command ends, with exit code 1. */
  readonly passOver: PassOver;
  /** What is wrong with each item that was passed over. Whoever takes it reports it; the rest is named when the command ends. */
  readonly takePassedOver: () => readonly string[];
}

/** A watcher as `connect` returns it, before it is made readable for commands. */
export interface ConnectedWatcher extends Omit<Watcher, 'buyers' | 'passOver' | 'takePassedOver'> {
  readonly buyers: Pick<BuyerBook, 'find' | 'list' | 'range' | 'put'>;
}
