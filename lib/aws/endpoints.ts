import { booleanSelector, REGION_ENV_NAME } from './environment-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** By Region: the partitions' DNS suffixes, plain and of hosts with IPv6, as botocore's partitions.json has them (1.45). */
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

/** Services of which a function calls an operation, and how the SDK writes each in the name of an environment variable. */
const SERVICES = {
  'license-manager': 'LICENSE_MANAGER',
  events: 'EVENTBRIDGE',
  sns: 'SNS',
  sqs: 'SQS',
  sts: 'STS',
} as const;

export type Service = keyof typeof SERVICES;

export function regionOf(environment: Environment): string {
  const region = environment[REGION_ENV_NAME];
  if (!region) throw new Error('AWS_REGION is not set; expected what Lambda sets');
  return region;
}

/** Where a service is called: as the SDK's client finds it by the same environment. */
export function endpointOf(service: Service, region: string, environment: Environment): URL {
  const configured = [`AWS_ENDPOINT_URL_${SERVICES[service]}`, 'AWS_ENDPOINT_URL']
    .map((name) => environment[name])
    .find((url) => url !== undefined && url !== '');
  if (configured !== undefined) return new URL(configured);
  const isOn = (name: string): boolean => booleanSelector(environment, name, 'env') ?? false;
  const isFips = isOn('AWS_USE_FIPS_ENDPOINT');
  const isDual = isOn('AWS_USE_DUALSTACK_ENDPOINT');
  // In GovCloud all hosts are, and not all say so.
  const isSilent =
    region.startsWith('us-gov-') && (isDual ? service === 'events' : service !== 'license-manager');
  const host = isFips && !isSilent ? `${service}-fips` : service;
  const dual = SUFFIXES.find(([regions]) => regions.test(region))?.[2] ?? 'api.aws';
  return new URL(`https://${host}.${region}.${isDual ? dual : dnsSuffix(region)}/`);
}
