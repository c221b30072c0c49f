import { setTimeout } from 'node:timers/promises';
import { CLIENT_SETTINGS } from '../../aws/client-settings.ts';
import { connections } from '../../aws/connections.ts';
import { type DocumentCall, documentCalls } from '../../aws/dynamodb/documents.ts';
import { type Credentials, signedCalls } from '../../aws/signed-call.ts';

/** A client of the SDK, as far as it says how to call AWS. */
interface ConfiguredClient {
  readonly config: {
    readonly credentials: () => Promise<Credentials>;
    readonly region: () => Promise<string>;
    readonly useFipsEndpoint: () => Promise<boolean>;
    readonly useDualstackEndpoint: () => Promise<boolean>;
  };
}

/** Milliseconds for a whole answer. A scan reads eight pages of 1 MB at once, perhaps over a slow line. */
const REQUEST_TIMEOUT = 60_000;

/** Calls DynamoDB as the client calls its service, at this endpoint; undefined: at AWS. */
export async function tablesOfClient(
  { config }: ConfiguredClient,
  endpoint?: string,
): Promise<DocumentCall> {
  const [region, isFips, isDual] = await Promise.all([
    config.region(),
    config.useFipsEndpoint(),
    config.useDualstackEndpoint(),
  ]);
  const environment = {
    ...process.env,
    AWS_REGION: region,
    AWS_USE_FIPS_ENDPOINT: String(isFips),
    AWS_USE_DUALSTACK_ENDPOINT: String(isDual),
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: String(endpoint === undefined),
  };
  const send = connections({
    ...CLIENT_SETTINGS.requestHandler,
    requestTimeout: REQUEST_TIMEOUT,
  });
  const call = signedCalls('dynamodb', { environment, send, now: () => Date.now() });
  return documentCalls(call(config.credentials), {
    random: () => Math.random(),
    pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
  });
}

/** What was read from DynamoDB so far. */
export interface ReadCounts {
  readonly calls: number;
  /** How many of these were scans, which read whatever there is. */
  readonly scans: number;
  readonly units: number;
}

const READING = ['BatchGetItem', 'GetItem', 'Query', 'Scan'];

/** Has every read say what it takes, and counts that. */
export function countReads(call: DocumentCall): {
  readonly call: DocumentCall;
  readonly reads: () => ReadCounts;
} {
  let [calls, scans, units] = [0, 0, 0];
  return {
    call: async (operation, input) => {
      if (!READING.includes(operation)) return call(operation, input);
      const answer = await call(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
      const { ConsumedCapacity: consumed = [] } = answer as {
        ConsumedCapacity?: Consumed | Consumed[];
      };
      calls += 1;
      if (operation === 'Scan') scans += 1;
      for (const { CapacityUnits } of [consumed].flat()) units += CapacityUnits ?? 0;
      return answer;
    },
    reads: () => ({ calls, scans, units }),
  };
}

/** A batch says it of each table. */
interface Consumed {
  readonly CapacityUnits?: number;
}
