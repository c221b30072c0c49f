import { join } from 'node:path';
import { CommandFailure, MEGABYTE } from '../output/failure.ts';
import type { Connection, Surroundings } from './connection.ts';
import { quoted } from '../../../domain/outside-text.ts';

/**
 * Returns `error`, or, if an AWS client had no credentials because the profile does not exist, a failure that says so. The SDK does not.
 */
export async function aboutProfile(
  error: unknown,
  { profile: named, local }: Connection,
  io: Surroundings,
): Promise<unknown> {
  const profile = named ?? io.env['AWS_PROFILE'] ?? '';
  const isOurs = error instanceof Error && error.name === 'CredentialsProviderError';
  if (!isOurs || profile === '' || local !== undefined) return error;
  const files = filesOf(io.env);
  const texts = await Promise.all(files.map((path) => io.readFile(path, MEGABYTE)));
  const there = [...new Set(texts.flatMap((text) => profilesIn(text ?? '')))];
  if (there.includes(profile)) return error;
  const choice = there.length === 0 ? 'none is set up there' : `there is ${there.join(', ')}`;
  const whence = named === undefined ? 'AWS_PROFILE' : '--profile';
  return new CommandFailure(
    `${whence} is ${quoted(profile)}, and no profile of that name exists in ${files.join(' or ')}; ${choice}: name another with --profile, or set this one up with "aws configure"`,
    1,
    { cause: error },
  );
}

function filesOf(env: Surroundings['env']): readonly string[] {
  const folder = join(env['HOME'] ?? env['USERPROFILE'] ?? '~', '.aws');
  return [
    env['AWS_CONFIG_FILE'] ?? join(folder, 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'),
  ];
}

/** The profiles of an AWS file: `[default]` and `[profile seller]` in one of the two files, `[seller]` in the other. */
function profilesIn(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*\[([^\]\n]*)\]/gm)].flatMap(([, section = '']) => {
    const name = section
      .trim()
      .replace(/^profile\s+/, '')
      .replace(/^["']|["']$/g, '');
    return /^(sso-session|services)\s/.test(name) ? [] : [name];
  });
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
export function aboutConnection(
  error: unknown,
  connection: Connection,
  { env }: Pick<Surroundings, 'env'>,
): unknown {
  if (error instanceof CommandFailure) return error;
  for (const cause of causesOf(error)) {
    const outcome = outcomeOf(cause);
    if (outcome === undefined) continue;
    const party = partyOf(cause, connection, env);
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

function partyOf(error: Error, { region, local }: Connection, env: Surroundings['env']): Party {
  if (local !== undefined)
    return {
      who: `the local cloud at ${local.endpoint}`,
      check: 'check that "npm start" still runs in this directory',
    };
  const [variable, url] = endpointOf(error, env) ?? [];
  if (variable !== undefined)
    return {
      who: `${String(url)}, which ${variable} names`,
      check: `check that it runs there, or unset ${variable} to speak to AWS`,
    };
  return { who: `AWS in ${region}`, check: 'check --region and the network' };
}

/** The variable that sends the SDK elsewhere than to AWS, with its URL; of several, the one that names the host of `error`. */
function endpointOf(error: Error, env: Surroundings['env']): readonly [string, string] | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  const named = Object.entries(env).flatMap(([name, value = '']) =>
    /^AWS_ENDPOINT_URL(_\w+)?$/.test(name) && value !== '' ? [[name, value] as const] : [],
  );
  const isThere = ([, url]: readonly [string, string]) =>
    [textOf(error, 'hostname'), textOf(error, 'address')].some(
      (host) => host !== '' && url.includes(host),
    );
  return named.find(isThere) ?? named[0];
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
