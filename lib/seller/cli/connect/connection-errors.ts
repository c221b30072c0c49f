import { CommandFailure } from '../output/failure.ts';
import {
  readAwsFiles,
  CALLED_SERVICES,
  type ConfiguredEndpoint,
  type Surroundings,
} from './aws-files.ts';
import { profileOf, type Connection } from './connection.ts';
import { quoted } from '../../../domain/outside-text.ts';

/**
 * Returns `error`, or, if an AWS client had no credentials because the profile does not exist, or its program gave none, a failure that says
 * so. The SDK does not.
 */
export async function aboutProfile(
  error: unknown,
  { profile: named, local }: Connection,
  io: Surroundings,
): Promise<unknown> {
  const isOurs = error instanceof Error && error.name === 'CredentialsProviderError';
  if (!isOurs || local !== undefined) return error;
  const profile = profileOf(named, io);
  const { paths, profiles } = await readAwsFiles(io);
  const set = profiles.get(profile);
  const files = paths.join(' or ');
  if (set?.['credential_process'] !== undefined)
    return failure(
      `the profile ${quoted(profile)} of ${files} has its credentials from a program (credential_process), which gave none that can be used: run that line yourself, see what it says, and log in there`,
      error,
    );
  const whence = named === undefined ? 'AWS_PROFILE' : '--profile';
  if (set !== undefined || (named ?? io.env['AWS_PROFILE'] ?? '') === '') return error;
  const there = [...profiles.keys()];
  const choice = there.length === 0 ? 'none is set up there' : `there is ${there.join(', ')}`;
  return failure(
    `${whence} is ${quoted(profile)}, and no profile of that name exists in ${files}; ${choice}: name another with --profile, or set this one up with "aws configure"`,
    error,
  );
}

function failure(message: string, cause: unknown): CommandFailure {
  return new CommandFailure(message, 1, { cause });
}

/** What became of a connection. The socket's code counts first, because the SDK also calls a reset a `TimeoutError`. */
const OUTCOMES = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'broken off',
  ECONNABORTED: 'broken off',
  EPIPE: 'broken off',
  UND_ERR_SOCKET: 'broken off',
  ERR_STREAM_PREMATURE_CLOSE: 'broken off',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  ETIMEDOUT: 'no answer',
  TimeoutError: 'no answer',
  UND_ERR_CONNECT_TIMEOUT: 'no answer',
  UND_ERR_HEADERS_TIMEOUT: 'no answer',
  UND_ERR_BODY_TIMEOUT: 'no answer',
  EHOSTUNREACH: 'no way there',
  ENETUNREACH: 'no way there',
  ENETDOWN: 'no way there',
} as const;
type Outcome = (typeof OUTCOMES)[keyof typeof OUTCOMES];

/** The other end of a connection, as a person names it, and what to check if it does not answer. */
interface Party {
  readonly who: string;
  readonly check: string;
}

/** Returns `error`, or, if a connection was not made or broke, a failure that says what to do, which depends on the other end. */
export function aboutConnection(error: unknown, connection: Connection): unknown {
  if (error instanceof CommandFailure) return error;
  for (const cause of causesOf(error)) {
    const outcome = outcomeOf(cause);
    if (outcome === undefined) continue;
    const party = partyOf(cause, connection);
    return new CommandFailure(
      `${words(outcome, party)} (${cause.name}: ${cause.message.split('\n', 1).join('')})`,
      1,
      {
        cause: error,
      },
    );
  }
  return error;
}

function words(outcome: Outcome, { who, check }: Party): string {
  switch (outcome) {
    case 'refused':
      return `nobody answers at ${who}: ${check}`;
    case 'broken off':
      return `${who} broke the connection, so the request may or may not have been carried out: ${check}, and look before you run the command again`;
    case 'no such host':
      return `no address is known for ${who}: ${check}`;
    case 'no answer':
      return `${who} did not answer in time, so the request may or may not have been carried out: ${check}, and look before you run the command again`;
    case 'no way there':
      return `there is no way to ${who}: ${check}`;
  }
}

function partyOf(error: Error, connection: Connection): Party {
  const { region, local } = connection;
  if (local !== undefined)
    return {
      who: `the local cloud at ${local.endpoint}`,
      check: 'check that "npm start" still runs in this directory',
    };
  const configured = endpointOf(error, connection);
  if (configured !== undefined)
    return {
      who: `${configured.url}, which ${configured.setting} names`,
      check: `check that it runs there, or ${configured.undo} to speak to AWS`,
    };
  return { who: `AWS in ${region}`, check: 'check --region and the network' };
}

/** What sends us elsewhere than to AWS; of several endpoints, the one that names the host of `error`. */
function endpointOf(
  error: Error,
  { profile, endpointsOf }: Connection,
): ConfiguredEndpoint | undefined {
  const named = CALLED_SERVICES.flatMap((service) => endpointsOf?.(profile)(service) ?? []);
  const host = textOf(error, 'hostname') || textOf(error, 'address');
  const port: unknown = Reflect.get(error, 'port');
  return (
    named.find(({ url }) => host !== '' && url.includes(`${host}:${String(port)}`)) ??
    named.find(({ url }) => url.includes(host))
  );
}

function outcomeOf(error: Error): Outcome | undefined {
  const known: Readonly<Record<string, Outcome>> = OUTCOMES;
  return known[textOf(error, 'code')] ?? known[error.name];
}

function textOf(error: Error, member: string): string {
  const value: unknown = Reflect.get(error, member);
  return typeof value === 'string' ? value : '';
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  return chain;
}
