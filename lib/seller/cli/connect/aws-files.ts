import { join } from 'node:path';
import { quoted } from '../../../domain/outside-text.ts';
import { MEGABYTE, misuse } from '../output/failure.ts';

/** The surroundings that decide where the watcher is. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a file, relative to the working directory. Undefined: it does not exist. Throws `tooLarge` if it has more than `most` bytes. */
  readonly readFile: (path: string, most: number) => Promise<string | undefined>;
}

/** What one section sets. What stands indented under a name has that name and a dot before its own: `dynamodb.endpoint_url`. */
type Section = Readonly<Record<string, string | undefined>>;

/** The two files of AWS's own tools. */
export interface AwsFiles {
  readonly paths: readonly string[];
  readonly profiles: ReadonlyMap<string, Section>;
  readonly services: ReadonlyMap<string, Section>;
}

/** What cannot be read sets nothing, as for the SDK: the environment may have all that is needed. */
export async function readAwsFiles({ env, readFile }: Surroundings): Promise<AwsFiles> {
  const folder = join(env['HOME'] ?? env['USERPROFILE'] ?? '~', '.aws');
  const paths = [
    env['AWS_CONFIG_FILE'] ?? join(folder, 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(folder, 'credentials'),
  ];
  const profiles = new Map<string, Section>();
  const services = new Map<string, Section>();
  for (const path of paths) {
    const text = await readFile(path, MEGABYTE).catch(() => undefined);
    for (const [header, section] of sectionsOf(text ?? '')) {
      const [, kind, inner] = /^(profile|services|sso-session)\s+(.*)$/.exec(header) ?? [];
      if (kind === 'sso-session') continue;
      const sections = kind === 'services' ? services : profiles;
      const name = (inner ?? header).replace(/^["']|["']$/g, '');
      sections.set(name, { ...sections.get(name), ...section });
    }
  }
  return { paths, profiles, services };
}

function sectionsOf(text: string): readonly (readonly [header: string, Section])[] {
  const sections: [string, Record<string, string>][] = [];
  let outer = '';
  for (const line of text.split(/\r?\n/).map((each) => each.replace(/(^|\s)[;#].*/, ''))) {
    const [, header] = /^\s*\[([^\]]*)\]/.exec(line) ?? [];
    if (header !== undefined) sections.push([header.trim(), {}]);
    if (header !== undefined || /^\S/.test(line)) outer = '';
    const [, name = '', value = ''] = /^\s*([^=[\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const section = sections.at(-1)?.[1];
    if (name === '' || section === undefined) continue;
    if (value === '') outer = `${name}.`;
    else section[outer + name] = value;
  }
  return sections;
}

/** Services that the commands call, as a variable of the environment spells them; in lower case, as a file does. */
export const CALLED_SERVICES = [
  ...(['CLOUDFORMATION', 'DYNAMODB', 'LAMBDA', 'SNS', 'SQS', 'S3', 'SCHEDULER'] as const),
  ...(['CLOUDWATCH', 'STS', 'LICENSE_MANAGER'] as const),
];
export type CalledService = (typeof CALLED_SERVICES)[number];

/** Where a service is called instead of at AWS. */
export interface ConfiguredEndpoint {
  readonly url: string;
  /** What sets it. */
  readonly setting: string;
  readonly undo: string;
}

export type EndpointOf = (service: CalledService) => ConfiguredEndpoint | undefined;

/**
 * The endpoints that the environment and a profile configure, in the order of AWS's tools: a variable counts before a file, a service's own
 * URL before that of all. The SDK alone follows the profile that AWS_PROFILE names, whichever it is given, and our own calls of DynamoDB
 * would follow none: one command would speak to two clouds. Throws if the profile's setting cannot be followed.
 */
export function configuredEndpoints(
  { profiles, services }: AwsFiles,
  profile: string,
  env: Surroundings['env'],
): EndpointOf {
  const set = profiles.get(profile) ?? {};
  const ignored =
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? set['ignore_configured_endpoint_urls'];
  if (ignored?.toLowerCase() === 'true') return () => undefined;
  const which = set['services'];
  const own = which === undefined ? {} : services.get(which);
  if (own === undefined)
    throw misuse(
      `the profile ${quoted(profile)} names the services ${quoted(which)}, and no file has a section [services ${which ?? ''}]: add it, or remove the line`,
    );
  const inFile = { undo: 'remove it there' };
  return (service) => {
    const variables = [`AWS_ENDPOINT_URL_${service}`, 'AWS_ENDPOINT_URL'].map((name) => ({
      url: env[name],
      setting: name,
      undo: `unset ${name}`,
    }));
    const key = `${service.toLowerCase()}.endpoint_url`;
    const [found] = [
      ...variables,
      { url: own[key], setting: `${key} of the services ${quoted(which)}`, ...inFile },
      {
        url: set['endpoint_url'],
        setting: `endpoint_url of the profile ${quoted(profile)}`,
        ...inFile,
      },
    ].filter(({ url }) => url !== undefined && url !== '');
    const { url = '', setting = '', undo = '' } = found ?? {};
    if (found === undefined) return undefined;
    if (URL.canParse(url) && /^https?:/i.test(url)) return { url, setting, undo };
    throw misuse(
      `${setting} is ${quoted(url)}; expected a URL like http://127.0.0.1:4566: correct it, or ${undo} to speak to AWS`,
    );
  };
}
