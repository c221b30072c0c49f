import { App, Stage, Validations, type AppProps } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BuyerStack } from './buyer/buyer-stack.ts';
import { CONTEXT_KEY, readConfig } from './settings/settings.ts';
import { BUYER_STACK_NAME, watcherStackName } from '../messages/names.ts';
import { WatcherStack } from './watcher/watcher-stack.ts';

export interface LicenseWatcherAppProps extends AppProps {
  /** The seller's account; undefined: the account that deploys. */
  readonly accountId?: string | undefined;
}

/**
 * The seller's stack, and the buyer template in a stage of its own, because a bare `cdk deploy` on the command line looks into no stage.
 * Throws a ConfigError if the context cannot be used.
 */
export class LicenseWatcherApp extends App {
  readonly watcher: WatcherStack;
  readonly buyer: BuyerStack;

  constructor({ accountId, ...props }: LicenseWatcherAppProps = {}) {
    super(props);
    const config = readConfig(this.node.tryGetContext(CONTEXT_KEY));
    const { settings, region } = config;
    this.watcher = new WatcherStack(this, watcherStackName(settings.deployment), {
      config,
      env: { region, ...(accountId === undefined ? {} : { account: accountId }) },
    });
    this.buyer = new BuyerStack(new Stage(this, 'Buyer'), BUYER_STACK_NAME, { settings, region });
    Validations.of(this).addPlugins(new AwsSolutionsChecks(this));
  }
}
