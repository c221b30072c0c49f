import type { DeploymentHealth } from '../../aws/deployment-health/deployment-health.ts';
import { clientSettings } from './client-settings.ts';
import type { Connection } from './connection.ts';

/** Its clients are loaded when they are wanted: no other command pays for them. */
export async function examine(connection: Connection): Promise<DeploymentHealth> {
  const { readHealth } = await import('../../aws/deployment-health/read-health.ts');
  return readHealth(clientSettings(connection), connection.deployment);
}
