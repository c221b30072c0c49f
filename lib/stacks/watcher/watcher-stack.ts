import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { WatcherConfig } from '../settings/settings.ts';
import { CheckLicensesFunction } from './functions/check-licenses.ts';
import { RegisterBuyerFunction } from './functions/register-buyer.ts';
import { SendNoticesFunction } from './functions/send-notices.ts';
import { StartSweepFunction } from './functions/start-sweep.ts';
import { DailyDigest } from './daily-digest.ts';
import { FleetAlarms } from './fleet-alarms.ts';
import { NoticeBus } from './notice-bus.ts';
import { OperationsTopic } from './operations-topic.ts';
import { ReaderPolicy } from './reader-policy.ts';
import { RegistrationTopic } from './registration-topic.ts';
import { SellerTopic } from './seller-topic.ts';
import { SlackChannel } from './slack-channel.ts';
import { ReadAgreementsFunction } from './functions/read-agreements.ts';
import { TickSchedule } from './tick-schedule.ts';
import { TemplateHosting } from './template-hosting.ts';
import { WatcherQueues } from './watcher-queues.ts';
import { WatcherStores } from './watcher-stores.ts';
import {
  PRODUCT_CODE_REMEDY,
  productCodes,
  productCodeWords,
} from '../../domain/license/product.ts';
import { productOutput, WATCHER_OUTPUTS } from '../../messages/names.ts';

export interface WatcherStackProps extends StackProps {
  readonly config: WatcherConfig;
}

/** Everything in the seller's account. */
export class WatcherStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: WatcherStackProps) {
    super(scope, id, { ...props, analyticsReporting: false });
    const { settings } = config;
    const { deployment, intervalMinutes, digest, timeZone } = settings;
    const operations = new OperationsTopic(this, 'Operations', { email: config.operationsEmail })
      .topic;
    const seller = new SellerTopic(this, 'Seller', { email: config.sellerEmail }).topic;
    const stores = new WatcherStores(this, 'Stores', { deployment, ...config });
    const queues = new WatcherQueues(this, 'Queues', { operations });
    const shared = { settings, stores, queues, operations };
    const startSweep = new StartSweepFunction(this, 'StartSweep', shared).function;
    const checks = new CheckLicensesFunction(this, 'CheckLicenses', shared).function;
    const { organizationId, slack } = config;
    const bus = new NoticeBus(this, 'Events', { deployment, organizationId });
    if (slack !== null)
      new SlackChannel(this, 'Slack', { deployment, slack, bus: bus.bus, operations });
    const notices = new SendNoticesFunction(this, 'SendNotices', { ...shared, seller, bus })
      .function;
    const registrations = new RegisterBuyerFunction(this, 'RegisterBuyer', shared).function;
    new TickSchedule(this, 'Sweeps', {
      function: startSweep.function,
      description: 'Starts the sweeps of the License Watcher.',
      intervalMinutes,
      lostTicks: queues.lostTicks.queue,
    });
    new DailyDigest(this, 'DailyDigest', { digest, timeZone, notices: queues.notices.queue });
    if (settings.agreements !== 'off') new ReadAgreementsFunction(this, 'ReadAgreements', shared);
    const registration = new RegistrationTopic(this, 'Registration', {
      deployment,
      registrations: queues.registrations.queue,
    });
    const hosting = new TemplateHosting(this, 'Templates', { access: config.templateAccess });
    const reader = new ReaderPolicy(this, 'Reader', { stores });
    new FleetAlarms(this, 'Alarms', {
      ...{ deployment, intervalMinutes, operations },
      startSweep: startSweep.function,
    });

    const codes = productCodes(settings.products);
    if (codes.length > 0)
      Annotations.of(this).addWarningV2(
        'license-watcher:product-code',
        `${productCodeWords(codes)}. ${PRODUCT_CODE_REMEDY}`,
      );

    const watched = settings.products.filter(({ retired }) => !retired);
    this.#outputs({
      auditTableName: stores.audit.tableName,
      watchTableName: stores.watch.tableName,
      registrationTopicArn: registration.topic.topicArn,
      checksQueueUrl: queues.checks.queue.queueUrl,
      sellerTopicArn: seller.topicArn,
      eventBusName: bus.name,
      operationsTopicArn: operations.topicArn,
      sellerName: settings.sellerName,
      securityContact: config.securityContact ?? 'none',
      products: watched.map(({ id }) => id).join(','),
      productCodes: codes.length === 0 ? 'none' : codes.join(','),
      agreements: settings.agreements,
      checkFunctionName: checks.function.functionName,
      noticeFunctionName: notices.function.functionName,
      registrationFunctionName: registrations.function.functionName,
      templateBucketName: hosting.bucketName,
      templateAccess: config.templateAccess,
      readerPolicyArn: reader.arn,
    });
    for (const [at, { id: product, name, contact, reminderDays }] of watched.entries())
      new CfnOutput(this, productOutput(at), {
        value: JSON.stringify({ id: product, name, contact, reminderDays }),
      });
  }

  /** Adds the outputs under their public keys, by which the command line finds them. */
  #outputs(values: Readonly<Record<keyof typeof WATCHER_OUTPUTS, string>>): void {
    for (const [name, value] of Object.entries(values)) {
      new CfnOutput(this, WATCHER_OUTPUTS[name as keyof typeof WATCHER_OUTPUTS], { value });
    }
  }
}
