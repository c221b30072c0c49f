import { join } from 'node:path';
import type { Io } from '../io.ts';
import { CommandFailure } from '../output/failure.ts';
import type { Connection } from './connection.ts';

/** `error` of an AWS client, or, where it had no credentials because nobody set up the profile, that. The SDK does not say it. */
export async function aboutProfile(
  error: unknown,
  { profile: named, local }: Connection,
  io: Pick<Io, 'env' | 'readFile'>,
): Promise<unknown> {
  const profile = named ?? io.env['AWS_PROFILE'] ?? '';
  const isOurs = error instanceof Error && error.name === 'CredentialsProviderError';
  if (!isOurs || profile === '' || local !== undefined) return error;
  const files = filesOf(io.env);
  const texts = await Promise.all(files.map((path) => io.readFile(path)));
  const there = [...new Set(texts.flatMap((text) => profilesIn(text ?? '')))];
  if (there.includes(profile)) return error;
  const choice = there.length === 0 ? 'none is set up there' : `there is ${there.join(', ')}`;
  const whence = named === undefined ? 'AWS_PROFILE' : '--profile';
  return new CommandFailure(
    `${whence} is ${JSON.stringify(profile)}, and no profile of that name exists in ${files.join(' or ')}; ${choice}: name another with --profile, or set this one up with "aws configure"`,
    1,
    { cause: error },
  );
}

function filesOf(env: Io['env']): readonly string[] {
  const folder = join(env['HOME'] ?? env['USERPROFILE'] ?? '~', '.aws');
  return [
    env['AWS_CONFIG_FILE'] ?? join(folder, 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'),
  ];
}

/** `[default]`, `[profile seller]` of the one file, `[seller]` of the other. */
function profilesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\s*\[\s*(?:profile\s+)?["']?([^\]"']*?)["']?\s*\]/gm)].flatMap(
    ([, name = '']) => (/^(sso-session|services)\s/.test(name) ? [] : [name]),
  );
}
