import { NOTICE_TOPIC_PATTERN, READING_ROLE_PATH } from '../../../../messages/names.ts';
import { misuse } from '../../output/failure.ts';

/** A part of an ARN that has to be as expected. */
interface Part {
  readonly name: string;
  readonly got: string;
  readonly fits: boolean;
  readonly expected: string;
}

/** The reading role of that account, as a person typed it. */
export function roleArnOf(text: string, accountId: string): string {
  const { partition, service, region, account, resource } = partsOf(text);
  const path = `role${READING_ROLE_PATH}`;
  return fitting(text, `arn:aws:iam::${accountId}:${path}<name>`, 'role', [
    partitionPart(partition),
    exact('service', service, 'iam'),
    exact('Region', region, ''),
    exact('account', account, accountId),
    {
      name: 'path and name',
      got: resource,
      fits: resource.startsWith(path) && /^[\w+=,.@-]{1,64}$/.test(resource.slice(path.length)),
      expected: `${path}<name>, the only path under which the watcher may assume roles`,
    },
  ]);
}

/** The notice topic of that account. `region`: the watcher's. */
export function topicArnOf(text: string, accountId: string, region: string): string {
  const { partition, service, region: got, account, resource } = partsOf(text);
  return fitting(
    text,
    `arn:aws:sns:${region}:${accountId}:<prefix>-NoticeTopic-<suffix>`,
    'topic',
    [
      partitionPart(partition),
      exact('service', service, 'sns'),
      exact('Region', got, region),
      exact('account', account, accountId),
      {
        name: 'name',
        got: resource,
        fits: NOTICE_TOPIC_PATTERN.test(resource) && resource.length <= 256,
        expected: '<prefix>-NoticeTopic-<suffix>, the only topics that the watcher may use',
      },
    ],
  );
}

function partsOf(text: string) {
  const [arn = '', partition = '', service = '', region = '', account = '', ...rest] =
    text.split(':');
  const isArn = arn === 'arn' && rest.length > 0;
  return isArn
    ? { partition, service, region, account, resource: rest.join(':') }
    : { partition: undefined, service: '', region: '', account: '', resource: '' };
}

function partitionPart(got: string | undefined): Part {
  const fits = /^aws(-[a-z]+)*$/.test(got ?? '');
  return got === undefined
    ? { name: 'whole', got: '', fits, expected: 'an ARN of six parts, divided by colons' }
    : { name: 'partition', got, fits, expected: 'aws, or one like aws-us-gov' };
}

function exact(name: string, got: string, expected: string): Part {
  return { name, got, fits: got === expected, expected: expected === '' ? 'nothing' : expected };
}

/** The text itself; throws with the first part that does not fit. */
function fitting(
  text: string,
  like: string,
  what: 'role' | 'topic',
  parts: readonly Part[],
): string {
  const wrong = parts.find(({ fits }) => !fits);
  if (wrong === undefined) return text;
  const { name, got, expected } = wrong;
  const problem = name === 'whole' ? `it is no ARN` : `its ${name} is ${JSON.stringify(got)}`;
  throw misuse(
    `the ${what} is ${JSON.stringify(text)}; ${problem}, expected ${expected}: give one like ${like}`,
  );
}
