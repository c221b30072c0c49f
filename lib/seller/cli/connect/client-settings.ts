import { CLIENT_SETTINGS } from '../../../aws/client-settings.ts';
import type { Connection } from './connection.ts';

/** What every AWS client of the command line is built with. */
export function clientSettings({ region, profile, local }: Connection) {
  return {
    ...CLIENT_SETTINGS,
    region,
    ...(profile !== undefined && { profile }),
    ...(local !== undefined && { endpoint: local.endpoint, credentials: local.credentials }),
  };
}
