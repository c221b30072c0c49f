import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { LOCAL_TEMPLATE_FILE } from '../../../local-cloud.ts';
import { NOTICE_EMAILS, REMINDER_DAYS } from '../../../../messages/names.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Watcher } from '../../io.ts';
import { shellQuoted } from '../../output/text.ts';
import type { Prefilled } from './invitation.ts';
import { TEMPLATE_FILE } from './template.ts';

export interface Launch {
  readonly region: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The command for a POSIX shell, with the template's file in the same folder. */
  readonly command: string;
  /** The same with the hosted template; null: it is not hosted. */
  readonly urlCommand: string | null;
  /** A link to CloudFormation's console with everything filled in; null: not hosted, or for the local cloud, which has no console. */
  readonly link: string | null;
  readonly templateUrl: string | null;
}

interface LaunchInput {
  readonly watcher: Watcher;
  readonly buyer: Buyer;
  readonly prefilled: Prefilled;
  readonly local: LocalEndpoint;
  readonly templateUrl: string | null;
}

/** What the buyer runs in the buyer's own account. */
export function launchOf({ watcher, buyer, prefilled, local, templateUrl }: LaunchInput): Launch {
  const { region, deployment } = watcher;
  const { emails, reminderDays } = prefilled;
  const stackName = deployment === 'default' ? 'license-watcher' : `license-watcher-${deployment}`;
  const parameters: Record<string, string> = {
    WatcherAccountId: watcher.sellerAccountId,
    Deployment: deployment,
    ExternalId: buyer.externalId,
    ...Object.fromEntries(emails.map((email, at) => [NOTICE_EMAILS[at] ?? '', email])),
    ...(reminderDays.length > 0 && { [REMINDER_DAYS]: reminderDays.join(',') }),
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
        ([name, value]) =>
          `    ${shellQuoted(`ParameterKey=${name},ParameterValue=${inList(value)}`)}`,
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

/** Also encodes the characters that encodeURIComponent leaves, because mail programs end a link at them. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Escapes commas, because one ends a value in the AWS CLI's short form. */
function inList(value: string): string {
  return value.replaceAll(',', '\\,');
}
