import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Settings } from '../../../messages/settings.ts';
import type { WatcherQueues } from '../watcher-queues.ts';
import type { WatcherStores } from '../watcher-stores.ts';

/** What every function finds around it. */
export interface WatcherRooms {
  readonly settings: Settings;
  readonly stores: WatcherStores;
  readonly queues: WatcherQueues;
  readonly operations: ITopic;
}
