import * as z from 'zod/mini';
import { LOCAL_CLOUD_FILE, localCloud } from '../../local-cloud.ts';
import { DEFAULT_DEPLOYMENT, DEPLOYMENT_PATTERN } from '../../../messages/names.ts';
import { CommandFailure, MEGABYTE, misuse } from '../output/failure.ts';
import { quoted } from '../../../domain/outside-text.ts';
import {
  configuredEndpoints,
  type EndpointOf,
  readAwsFiles,
  type Surroundings,
} from './aws-files.ts';

export interface ConnectionOptions {
  readonly deployment?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly local?: boolean;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the watcher is, and with whose credentials we speak to it. */
export interface Connection {
  readonly deployment: string;
  readonly region: string;
  /** Undefined: the default of the AWS credential chain. */
  readonly profile: string | undefined;
  /** Where services are called instead of at AWS, with this profile. Absent for the local cloud. */
  readonly endpointsOf?: (profile: string | undefined) => EndpointOf;
  /** Set for the local cloud only. */
  readonly local:
    | {
        readonly endpoint: string;
        readonly credentials: Keys;
        /** The keys of the buyers' accounts, by account ID. Absent: not known. */
        readonly keysOf?: Readonly<Record<string, Keys>>;
      }
    | undefined;
}

/** The home Region of Marketplace licenses, where the watcher is deployed unless the seller chose another. */
const DEFAULT_REGION = 'us-east-1';

export async function connectionOf(
  options: ConnectionOptions,
  surroundings: Surroundings,
): Promise<Connection> {
  const deployment = options.deployment ?? DEFAULT_DEPLOYMENT;
  if (!DEPLOYMENT_PATTERN.test(deployment)) {
    throw misuse(
      `--deployment is ${quoted(deployment)}; allowed are 2 to 20 lower-case letters, digits and dashes, beginning with a letter: give the name in cdk.json`,
    );
  }
  if (options.local === true) return localConnection(deployment, options, surroundings);
  const region =
    options.region ??
    surroundings.env['AWS_REGION'] ??
    surroundings.env['AWS_DEFAULT_REGION'] ??
    DEFAULT_REGION;
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) {
    throw misuse(`the Region is ${quoted(region)}; expected one like us-east-1: give --region`);
  }
  const files = await readAwsFiles(surroundings);
  const endpointsOf = (profile: string | undefined): EndpointOf =>
    configuredEndpoints(files, profileOf(profile, surroundings), surroundings.env);
  return { deployment, region, profile: options.profile, endpointsOf, local: undefined };
}

/** The profile that AWS's tools take if this one is named. */
export function profileOf(named: string | undefined, { env }: Pick<Surroundings, 'env'>): string {
  return [named, env['AWS_PROFILE']].find((each) => each) ?? 'default';
}

async function localConnection(
  deployment: string,
  options: ConnectionOptions,
  { readFile }: Surroundings,
): Promise<Connection> {
  if (options.profile !== undefined || options.region !== undefined) {
    throw misuse('--local brings its own Region and credentials: leave out --profile and --region');
  }
  const text = await readFile(LOCAL_CLOUD_FILE, MEGABYTE);
  if (text === undefined) {
    throw new CommandFailure(
      `${LOCAL_CLOUD_FILE} is not in the working directory, so no local cloud runs here: start it with "npm start" and run this command in the same directory`,
    );
  }
  const cloud = z.safeParse(localCloud, jsonOrUndefined(text));
  const credentials = cloud.data?.credentials[cloud.data.sellerAccountId];
  if (cloud.data === undefined || credentials === undefined) {
    throw new CommandFailure(
      `${LOCAL_CLOUD_FILE} is not what "npm start" of this version writes (${problemsOf(cloud)}): restart the local cloud`,
    );
  }
  const { endpoint, region, credentials: keysOf } = cloud.data;
  return { deployment, region, profile: undefined, local: { endpoint, credentials, keysOf } };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then reports that an object was expected.
    return undefined;
  }
}

function problemsOf({ error }: { readonly error?: z.core.$ZodError | undefined }): string {
  return (error?.issues ?? [])
    .map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
    .join('; ');
}
