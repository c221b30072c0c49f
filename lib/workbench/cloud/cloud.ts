import {
  createAgreementService,
  type AgreementService,
} from '../agreement-service/agreement-service.ts';
import { createLicenseManager, type LicenseManager } from '../license-manager/license-manager.ts';
import type { Switches } from '../license-manager/switches.ts';
import { Access } from './access.ts';
import { marketplaceService, licenseManagerService } from './stand-ins.ts';
import { IamSimulateAuthorizer } from './authorizer-iam-simulate.ts';
import type { AwsAnswer } from './call.ts';
import { CloudClock } from './clock.ts';
import { Alarms } from './cloudwatch/alarms.ts';
import { Metrics } from './cloudwatch/metrics.ts';
import { slackChannelHandler } from './chatbot/resources.ts';
import { SlackChannels } from './chatbot/slack-channels.ts';
import { alarmHandler } from './cloudwatch/resources.ts';
import { cloudWatchService } from './cloudwatch/service.ts';
import { Credentials, type AccessKey } from './credentials.ts';
import { EngineClient } from './dynamodb/engine-client.ts';
import { startEngine, type Engine } from './dynamodb/engine.ts';
import { dynamoDbService } from './dynamodb/service.ts';
import { tableResource } from './dynamodb/table-resource.ts';
import { Tables } from './dynamodb/tables.ts';
import { apiDestinationHandlers } from './events/api-destination-resources.ts';
import { ApiDestinations } from './events/api-destinations.ts';
import { EventBuses } from './events/event-buses.ts';
import { eventHandlers } from './events/resources.ts';
import { eventsService } from './events/service.ts';
import { Faults } from './faults.ts';
import { startFront, type PlainRequest, type PlainRoute } from './front.ts';
import { managedPolicyResource } from './iam/policy-resources.ts';
import { IamRegistry } from './iam/registry.ts';
import { roleResource, ServiceRoles } from './iam/role-resource.ts';
import { AsynchronousInvocations } from './lambda/asynchronous-invocations.ts';
import { Destinations } from './lambda/destinations.ts';
import { eventInvokeConfigHandler } from './lambda/resources.ts';
import {
  eventSourceMappingHandler,
  type Mappings,
} from './lambda/event-source-mapping-resource.ts';
import { functionHandler } from './lambda/function-resource.ts';
import { Functions } from './lambda/functions.ts';
import { lambdaService } from './lambda/service.ts';
import { LogRing, logGroupHandler } from './logs/log-ring.ts';
import { Mailbox } from './mailbox.ts';
import { bucketHandler, bucketPolicyHandler, templateReader } from './s3/resources.ts';
import { Buckets } from './s3/buckets.ts';
import { s3Service, unsignedS3 } from './s3/service.ts';
import { scheduleHandler } from './scheduler/resources.ts';
import { Schedules } from './scheduler/schedules.ts';
import { schedulerService } from './scheduler/service.ts';
import { topicHandlers } from './sns/resources.ts';
import { snsService } from './sns/service.ts';
import { Topics } from './sns/topics.ts';
import { queueHandlers } from './sqs/resources.ts';
import { Queues } from './sqs/queues.ts';
import { sqsService } from './sqs/service.ts';
import { stsService } from './sts/service.ts';
import type { Assembly } from './templates/assembly.ts';
import { CloudFormation, type StackRequest } from './templates/cloudformation.ts';
import { CustomResources } from './templates/custom-resources.ts';
import { cloudFormationService } from './templates/service.ts';
import type { Stack } from './templates/stack.ts';

export interface CloudOptions {
  readonly assembly: Assembly;
  readonly region: string;
  /** The cloud's first instant, in epoch milliseconds. */
  readonly start: number;
  /** Default: any free port. */
  readonly port?: number;
  /** Settings for behavior of License Manager that AWS leaves open; otherwise the defaults apply. */
  readonly switches?: Partial<Switches>;
}

/** The part of AWS that the two stacks need, in this process, on loopback. */
export interface Cloud extends AsyncDisposable {
  readonly url: string;
  readonly region: string;
  readonly clock: CloudClock;
  readonly engine: string;
  readonly mailbox: Mailbox;
  readonly licenseManager: LicenseManager;
  readonly agreementService: AgreementService;
  readonly cloudFormation: CloudFormation;
  readonly schedules: Schedules;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly eventBuses: EventBuses;
  readonly slackChannels: SlackChannels;
  readonly buckets: Buckets;
  readonly iam: IamRegistry;
  readonly logs: LogRing;
  readonly metrics: Metrics;
  readonly faults: Faults;
  /** `sts:AssumeRole` -> calls since the start. */
  calls(): ReadonlyMap<string, number>;
  /** Lets `route` answer unsigned requests that nothing else answers. A request in flight holds the clock: `route` must not wait for it. */
  serve(route: PlainRoute): void;
  /** Maps the host names that API destinations call to servers on this machine. All other names lead nowhere. */
  readonly hosts: Map<string, URL>;
  /** Keys of an account's administrator. */
  keys(accountId: string): AccessKey;
  /** Deploys as the account's administrator and lets time pass until the deployment has ended. Throws if it failed. */
  deploy(accountId: string, request: StackRequest): Promise<Stack>;
  /**
   * Lets time pass until `work` has ended, at most `limitMs` of the cloud's time. A client's HTTP call does not need this: if it is
   * awaited alone, it is answered while time stands still.
   */
  until<T>(work: Promise<T>, limitMs?: number): Promise<T>;
}

/** The SSM parameter that `cdk bootstrap` leaves in an account: the version that the template's rule checks. */
const BOOTSTRAPPED = { '/cdk-bootstrap/hnb659fds/version': '30' };
const CUSTOM_RESOURCE_LIMIT_MS = 3_600_000;

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { assembly, region, start } = options;
  const clock = new CloudClock(start);
  const engine = await startEngine();
  try {
    return await compose(options, clock, engine);
  } catch (error) {
    await engine.stop();
    throw error;
  }

  async function compose(
    { switches, port }: CloudOptions,
    clock: CloudClock,
    engine: Engine,
  ): Promise<Cloud> {
    const iam = new IamRegistry(clock);
    const credentials = new Credentials(clock);
    const access = new Access(new IamSimulateAuthorizer(iam));
    const roles = new ServiceRoles({ iam, access, credentials });
    const [logs, metrics, faults, mailbox] = [
      new LogRing(),
      new Metrics(),
      new Faults(),
      new Mailbox(),
    ];
    const alarms = new Alarms();
    const mappings: Mappings = new Map();
    // The services name the front's address, which is known only after all of them are built.
    const address = { url: '' };
    const endpoint = (): string => address.url;

    const queues = new Queues(clock, endpoint);
    const topics = new Topics({ clock, queues, mailbox, access });
    const apiDestinations = new ApiDestinations();
    const hosts = new Map<string, URL>();
    const eventBuses = new EventBuses({
      clock,
      access,
      queues,
      topics,
      region,
      roles,
      apiDestinations,
      hosts,
    });
    const slackChannels = new SlackChannels(clock);
    const tables = new Tables();
    const engineClient = new EngineClient(engine);
    const buckets = new Buckets();
    const s3 = s3Service({ buckets, access, clock });
    const functions = new Functions({ clock, endpoint, roles, access, logs, metrics });
    const asynchronous = new AsynchronousInvocations(
      clock,
      functions,
      new Destinations(queues, access, functions),
    );
    const schedules = new Schedules({ clock, access, roles, functions, asynchronous, queues });
    const licenseManager = createLicenseManager({
      now: () => clock.now(),
      ...(switches && { switches }),
    });
    const agreementService = createAgreementService({
      now: () => clock.now(),
      schedule: (at, work) => clock.schedule(at, work),
      emit: (accountId, event) => {
        eventBuses.put(accountId, event);
      },
    });
    const customResources = new CustomResources({
      clock,
      publish: async (topicArn, message, caller) => {
        await topics.publish(topicArn, { message }, caller);
      },
    });
    const cloudFormation = new CloudFormation({
      clock,
      region,
      customResources,
      asset: (key) => assembly.asset(key),
      ssm: BOOTSTRAPPED,
      handlers: [
        alarmHandler(alarms, clock),
        eventInvokeConfigHandler(functions, asynchronous),
        eventSourceMappingHandler({ clock, access, functions, queues }, mappings),
        functionHandler(functions),
        logGroupHandler(),
        managedPolicyResource(iam),
        roleResource(iam),
        slackChannelHandler({ channels: slackChannels, iam, roles, topics }),
        tableResource({ tables, engine: engineClient }),
        ...apiDestinationHandlers(apiDestinations),
        bucketHandler(buckets),
        bucketPolicyHandler(buckets),
        ...eventHandlers(eventBuses),
        ...queueHandlers(queues),
        scheduleHandler(schedules),
        ...topicHandlers(topics),
      ],
    });
    const routes: PlainRoute[] = [
      customResourceRoute(customResources),
      unsignedS3({ service: s3, buckets }),
    ];
    const front = await startFront({
      region,
      clock,
      credentials,
      faults,
      routes,
      services: [
        cloudFormationService(cloudFormation, {
          readTemplate: templateReader({ buckets, access, endpoint }),
          access,
        }),
        cloudWatchService(alarms, metrics, access),
        dynamoDbService({ tables, engine: engineClient, access }),
        eventsService(eventBuses, access),
        lambdaService({ access, functions, mappings }),
        licenseManagerService(licenseManager, access),
        marketplaceService(agreementService, access),
        s3,
        schedulerService(schedules, access),
        snsService(topics),
        sqsService(queues, access),
        stsService({ iam, access, credentials }),
      ],
      ...(port !== undefined && { port }),
    });

    address.url = front.url;
    const close = async (): Promise<void> => {
      await functions.close();
      await front.close();
      await engine.stop();
    };
    const until = <T>(work: Promise<T>, limitMs = CUSTOM_RESOURCE_LIMIT_MS): Promise<T> =>
      driven(clock, work, limitMs);
    return {
      ...{
        url: front.url,
        region,
        clock,
        mailbox,
        licenseManager,
        agreementService,
        cloudFormation,
        schedules,
        functions,
        queues,
        topics,
        eventBuses,
        slackChannels,
        buckets,
        iam,
        logs,
      },
      ...{ metrics, faults, hosts, calls: () => front.calls(), until, engine: engine.name },
      serve: (route) => {
        routes.push(route);
      },
      keys: (accountId) => credentials.root(accountId),
      deploy: async (accountId, request) => {
        const caller = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` } as const;
        const stack = cloudFormation.createStack(caller, request);
        await until(cloudFormation.done(stack));
        if (stack.status === 'CREATE_COMPLETE') return stack;
        throw new Error(
          `stack ${stack.name} in ${accountId} is ${stack.status}: ${stack.statusReason}`,
        );
      },
      [Symbol.asyncDispose]: close,
    };
  }
}

/** Answers CloudFormation's pre-signed URLs; the workers' network redirects them here. */
function customResourceRoute(customResources: CustomResources): PlainRoute {
  return ({ method, path, body }: PlainRequest): AwsAnswer | undefined => {
    if (method !== 'PUT' || !path.startsWith('/arn%3A')) return undefined;
    const status = customResources.answer(path, body);
    return { status, headers: {}, body: '' };
  };
}

async function driven<T>(clock: CloudClock, work: Promise<T>, limitMs: number): Promise<T> {
  const limit = clock.now() + limitMs;
  const state = { over: false };
  const watched = work.finally(() => (state.over = true));
  watched.catch(() => undefined);
  for (;;) {
    await clock.settled();
    if (state.over) return watched;
    const next = clock.nextDue;
    if (next !== undefined && next <= limit) await clock.advanceTo(Math.max(next, clock.now()));
    else if (!(await outsideWork(clock, watched)))
      throw new Error('the local cloud waits for something that will never happen');
  }
}

/** How long a client behind HTTP may take before it calls the cloud, in the machine's time. */
const OUTSIDE_MS = 2_000;

/** True as soon as the cloud is busy again or `work` has ended; false if neither happened in time. */
async function outsideWork(clock: CloudClock, work: Promise<unknown>): Promise<boolean> {
  const over = work.then(
    () => true,
    () => true,
  );
  for (const end = performance.now() + OUTSIDE_MS; performance.now() < end;) {
    const pause = new Promise<false>((resolve) => setTimeout(resolve, 5, false));
    if ((await Promise.race([over, pause])) || clock.busy) return true;
  }
  return false;
}
