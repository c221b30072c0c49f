import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { LOCAL_TEMPLATE_FILE } from '../../../../messages/local-cloud.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Watcher } from '../../io.ts';
import { TEMPLATE_FILE } from './buyer-template.ts';

export interface Launch {
  readonly region: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** For a POSIX shell, with the template's file beside it. */
  readonly command: string;
  /** The same with the hosted template. Null: it is not hosted. */
  readonly urlCommand: string | null;
  /** Opens CloudFormation's console with everything filled in. Null: not hosted, or of the local cloud, which has no console. */
  readonly link: string | null;
  readonly templateUrl: string | null;
}

interface LaunchOrder {
  readonly watcher: Watcher;
  readonly buyer: Buyer;
  readonly email: string | undefined;
  readonly local: LocalEndpoint;
  readonly templateUrl: string | null;
}

/** What the buyer runs in the buyer's own account. */
export function launch({ watcher, buyer, email, local, templateUrl }: LaunchOrder): Launch {
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
  const command = (template: string): string =>
    [
      'aws cloudformation create-stack',
      ...(local === undefined ? [] : [`  --endpoint-url ${shellQuoted(local)}`]),
      `  --region ${region}`,
      `  --stack-name ${stackName}`,
      `  ${template}`,
      '  --capabilities CAPABILITY_IAM',
      '  --parameters',
      ...Object.entries(parameters).map(
        ([name, value]) => `    ${shellQuoted(`ParameterKey=${name},ParameterValue=${value}`)}`,
      ),
    ].join(' \\\n');
  return {
    region,
    stackName,
    parameters,
    command: command(
      `--template-body file://${local === undefined ? TEMPLATE_FILE : LOCAL_TEMPLATE_FILE}`,
    ),
    urlCommand: templateUrl === null ? null : command(`--template-url ${shellQuoted(templateUrl)}`),
    link:
      templateUrl === null || local !== undefined
        ? null
        : quickCreateLink(region, templateUrl, stackName, parameters),
    templateUrl,
  };
}

/** docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html */
function quickCreateLink(
  region: string,
  templateUrl: string,
  stackName: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const query = [
    ['templateURL', templateUrl],
    ['stackName', stackName],
    ...Object.entries(parameters).map(([name, value]) => [`param_${name}`, value]),
  ].map(([name = '', value = '']) => `${name}=${urlEncoded(value)}`);
  return `https://${region}.console.aws.amazon.com/cloudformation/home?region=${region}#/stacks/create/review?${query.join('&')}`;
}

/** Mail programs end a link at the characters that encodeURIComponent leaves. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** How a buyer sees that the hosted template is the one that was approved. */
export function fingerprintCommand(templateUrl: string, watcher: Watcher): string {
  if (watcher.templates?.access === 'public') return `curl -s ${templateUrl} | sha256sum`;
  const { hostname, pathname } = new URL(templateUrl);
  return `aws s3 cp s3://${hostname.split('.s3.')[0] ?? ''}${pathname} - | sha256sum`;
}

function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
