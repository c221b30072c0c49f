import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Access } from '../../lib/workbench/cloud/access.ts';
import type { AuthorizationQuestion } from '../../lib/workbench/cloud/authorizer.ts';
import type { AwsAnswer } from '../../lib/workbench/cloud/call.ts';
import { CloudClock } from '../../lib/workbench/cloud/clock.ts';
import { Metrics } from '../../lib/workbench/cloud/cloudwatch/metrics.ts';
import { Credentials } from '../../lib/workbench/cloud/credentials.ts';
import { startFront, type Front, type PlainRequest } from '../../lib/workbench/cloud/front.ts';
import { AsynchronousInvocations } from '../../lib/workbench/cloud/lambda/asynchronous-invocations.ts';
import { Destinations } from '../../lib/workbench/cloud/lambda/destinations.ts';
import { Functions } from '../../lib/workbench/cloud/lambda/functions.ts';
import { lambdaService } from '../../lib/workbench/cloud/lambda/service.ts';
import { LogRing } from '../../lib/workbench/cloud/logs/log-ring.ts';
import { Mailbox } from '../../lib/workbench/cloud/mailbox.ts';
import type {
  ExistingResource,
  Properties,
  ResourceHandler,
} from '../../lib/workbench/cloud/resource.ts';
import { snsService } from '../../lib/workbench/cloud/sns/service.ts';
import { Topics } from '../../lib/workbench/cloud/sns/topics.ts';
import { Queues } from '../../lib/workbench/cloud/sqs/queues.ts';
import { sqsService } from '../../lib/workbench/cloud/sqs/service.ts';
import { BUYER, putResource, REGION, resourceContext, SELLER } from './bare-cloud.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export const ACCOUNT = SELLER;
export const OTHER_ACCOUNT = BUYER;
export const START = Date.parse('2027-03-01T00:00:00Z');

/**
 * Queues, topics and functions around one clock, without templates. The test decides who may do what: `deny` gets each question
 * that the services ask the authorizer, and `asked` keeps all of them.
 */
export interface SmallCloud extends AsyncDisposable {
  readonly clock: CloudClock;
  readonly credentials: Credentials;
  readonly front: Front;
  readonly access: Access;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly mailbox: Mailbox;
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
  readonly destinations: Destinations;
  readonly logs: LogRing;
  readonly metrics: Metrics;
  readonly requested: AuthorizationQuestion[];
  deny: (question: AuthorizationQuestion) => boolean;
  /** Advances the clock by `seconds`. */
  advance(seconds: number): Promise<void>;
}

export async function smallCloud(): Promise<SmallCloud> {
  const clock = new CloudClock(START);
  const credentials = new Credentials(clock);
  const requested: AuthorizationQuestion[] = [];
  const authorizer = {
    authorize: (question: AuthorizationQuestion) => {
      requested.push(question);
      const allowed = !cloud.deny(question);
      const message = `${question.caller.kind} is not authorized to perform: ${question.action} on resource: ${question.resource}`;
      return Promise.resolve({ allowed, message });
    },
  };
  const access = new Access(authorizer);
  let front: Front | undefined = undefined;
  const endpoint = (): string => front?.url ?? '';
  const queues = new Queues(clock, endpoint);
  const mailbox = new Mailbox();
  const topics = new Topics({ clock, queues, mailbox, access });
  const [logs, metrics] = [new LogRing(), new Metrics()];
  const roles = {
    session: (_service: string, roleArn: string, sessionName: string) => {
      const [, , , , accountId = ''] = roleArn.split(':');
      const role = { accountId, arn: roleArn, name: roleArn.slice(roleArn.lastIndexOf('/') + 1) };
      return Promise.resolve(credentials.session(role, sessionName, 12 * 3600));
    },
  };
  const functions = new Functions({ clock, endpoint, roles, access, logs, metrics });
  const destinations = new Destinations(queues, access, functions);
  const asynchronous = new AsynchronousInvocations(clock, functions, destinations);
  const services = [
    lambdaService({ access, functions, mappings: new Map() }),
    sqsService(queues, access),
    snsService(topics),
  ];
  front = await startFront({ region: REGION, services, credentials, clock, routes: [echo] });
  const lambda = { functions, asynchronous, destinations };
  const parts = {
    clock,
    credentials,
    front,
    access,
    queues,
    topics,
    mailbox,
    ...lambda,
    logs,
    metrics,
    requested,
  };
  const cloud: SmallCloud = {
    ...parts,
    deny: () => false,
    advance: (seconds) => clock.advanceTo(clock.now() + seconds * 1000),
    [Symbol.asyncDispose]: async () => {
      await functions.close();
      await parts.front.close();
    },
  };
  return cloud;
}

/** Takes the place of CloudFormation: answers an unsigned PUT with what arrived. */
function echo({ method, path, headers, body }: PlainRequest): AwsAnswer | undefined {
  if (method !== 'PUT') return undefined;
  return {
    status: 200,
    headers: {},
    body: JSON.stringify({ method, path, host: headers['host'], body }),
  };
}

/** The settings with which an SDK client calls the cloud as the account's administrator. */
export function clientOf(
  { front, credentials }: SmallCloud,
  accountId = ACCOUNT,
): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
} {
  return {
    endpoint: front.url,
    region: REGION,
    credentials: credentials.root(accountId),
    maxAttempts: 1,
  };
}

/** Writes a bundle to disk, with `source` as its index.mjs; returns its directory. */
export function bundle(source: string): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'index.mjs'), source);
  return directory;
}

export function deploy(
  handlers: readonly ResourceHandler[],
  type: string,
  logicalId: string,
  properties: Properties,
  accountId?: string,
  current?: ExistingResource,
): Promise<ExistingResource> {
  const handler = handlers.find((each) => each.type === type);
  if (handler === undefined) throw new Error(`no handler makes ${type}`);
  return putResource(handler, properties, resourceContext(logicalId, accountId), current);
}
