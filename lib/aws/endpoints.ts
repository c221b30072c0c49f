import { quoted } from '../domain/outside-text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The DNS suffixes of the partitions by Region, for plain and for dual-stack hosts (source: botocore's partitions.json, 1.45). */
const SUFFIXES: readonly (readonly [RegExp, string, string])[] = [
  [/^cn-/, 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  [/^eusc-/, 'amazonaws.eu', 'api.amazonwebservices.eu'],
  [/^us-iso-/, 'c2s.ic.gov', 'api.aws.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov', 'api.aws.scloud'],
  [/^eu-isoe-/, 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
  [/^us-isof-/, 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
];

export function dnsSuffix(region: string): string {
  return SUFFIXES.find(([regions]) => regions.test(region))?.[1] ?? 'amazonaws.com';
}

/**
 * The services that the functions call, by the names under which their calls are signed. `variable`: how the SDK spells the service in the name
 * of an environment variable. `host`: the first part of its host, if it is not the same name.
 */
const SERVICES = {
  'aws-marketplace': { variable: 'MARKETPLACE_AGREEMENT', host: 'agreement-marketplace' },
  dynamodb: { variable: 'DYNAMODB' },
  'license-manager': { variable: 'LICENSE_MANAGER' },
  events: { variable: 'EVENTBRIDGE' },
  sns: { variable: 'SNS' },
  sqs: { variable: 'SQS' },
  sts: { variable: 'STS' },
} as const;

export type Service = keyof typeof SERVICES;

export function regionOf(environment: Environment): string {
  const region = environment['AWS_REGION'];
  if (!region) throw new Error('AWS_REGION is not set; expected what Lambda sets');
  return region;
}

/** Returns the endpoint of a service, as the SDK's client would find it in the same environment. */
export function endpointOf(service: Service, region: string, environment: Environment): URL {
  const { variable, host: name = service }: { variable: string; host?: string } = SERVICES[service];
  const configured = [`AWS_ENDPOINT_URL_${variable}`, 'AWS_ENDPOINT_URL']
    .map((each) => environment[each])
    .find((url) => url !== undefined && url !== '');
  if (configured !== undefined && !isOn(environment, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'))
    return new URL(configured);
  const isFips = isOn(environment, 'AWS_USE_FIPS_ENDPOINT');
  const isDual = isOn(environment, 'AWS_USE_DUALSTACK_ENDPOINT');
  // In GovCloud all hosts are FIPS hosts, but not all have it in their name.
  const isNamed = service === 'aws-marketplace' || service === 'license-manager';
  const isSilent = region.startsWith('us-gov-') && (isDual ? service === 'events' : !isNamed);
  const host = isFips && !isSilent ? `${name}-fips` : name;
  const dual = SUFFIXES.find(([regions]) => regions.test(region))?.[2] ?? 'api.aws';
  return new URL(`https://${host}.${region}.${isDual ? dual : dnsSuffix(region)}/`);
}

/** Anything but the two words is an error, as it is for the SDK. */
function isOn(environment: Environment, name: string): boolean {
  const value = environment[name] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`${name} is ${quoted(value)}; expected "true" or "false"`);
}
