import type { Buyer } from '../../../domain/buyer.ts';
import { LOCAL_TEMPLATE_FILE } from '../../../schemas/local-cloud.ts';
import type { Watcher } from '../../io.ts';

const TEMPLATE_FILE = 'license-watcher-buyer.json';

/** Makes the template that the launch command names. */
export const TEMPLATE_COMMAND = `npm run --silent buyer-template > ${TEMPLATE_FILE}`;

export interface Launch {
  readonly region: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** For a POSIX shell. */
  readonly command: string;
}

interface LaunchOrder {
  readonly watcher: Watcher;
  readonly buyer: Buyer;
  readonly email: string | undefined;
  readonly localEndpoint: string | undefined;
}

/** What the buyer runs in the buyer's own account. */
export function launch({ watcher, buyer, email, localEndpoint }: LaunchOrder): Launch {
  const { region, deployment } = watcher;
  const stackName = deployment === 'default' ? 'license-watcher' : `license-watcher-${deployment}`;
  const parameters = {
    WatcherAccountId: watcher.sellerAccountId,
    Deployment: deployment,
    ExternalId: buyer.externalId,
    ...(email !== undefined && { NoticeEmail: email }),
    Probe: 'yes',
    ShareUsage: 'yes',
  };
  const lines = [
    'aws cloudformation create-stack',
    ...(localEndpoint === undefined ? [] : [`  --endpoint-url ${shellQuoted(localEndpoint)}`]),
    `  --region ${region}`,
    `  --stack-name ${stackName}`,
    `  --template-body file://${localEndpoint === undefined ? TEMPLATE_FILE : LOCAL_TEMPLATE_FILE}`,
    '  --capabilities CAPABILITY_IAM',
    '  --parameters',
    ...Object.entries(parameters).map(
      ([name, value]) => `    ${shellQuoted(`ParameterKey=${name},ParameterValue=${value}`)}`,
    ),
  ];
  return { region, stackName, parameters, command: lines.join(' \\\n') };
}

function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
