import { basename } from 'node:path';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { LOCAL_CLOUD_FILE, LOCAL_TEMPLATE_FILE } from '../../../../messages/local-cloud.ts';
import { NOTICE_EMAILS, registrationTopicName, REMINDER_DAYS } from '../../../../messages/names.ts';
import {
  confirmAgainstScanners,
  MAIL_TO_GIVEN_ADDRESS,
  mailTo,
  publishesAsLauncher,
  SCANNERS_UNSUBSCRIBE,
  TICK_AND_CREATE,
} from '../../aws-sentences.ts';
import type { LocalEndpoint } from '../../command.ts';
import type { Watcher } from '../../io.ts';
import { shellQuoted, wrapped } from '../../output/text.ts';
import type { Prefilled } from './invitation.ts';
import { TEMPLATE_FILE } from './template.ts';

export interface Letter {
  readonly before: string;
  /** Stands between the two. */
  readonly command: string;
  readonly after: string;
}

interface LetterInput {
  readonly accountId: string;
  readonly emails: readonly string[];
  readonly launch: Launch;
  readonly sha256: string;
  /** Where the page lies. Null: there is none. */
  readonly approvalFile: string | null;
  readonly watcher: Watcher;
  readonly local: LocalEndpoint;
}

/** Ready to be pasted into a mail to the buyer. */
export function letter(of: LetterInput): Letter {
  const { accountId, approvalFile, launch } = of;
  const steps = [
    ...(approvalFile === null ? [] : [approval(basename(approvalFile))]),
    ...permission(of),
    launch.link === null ? withoutLink(of) : withLink(of, launch.link),
  ].map((step, at) => `${at + 1}. ${step}`);
  return {
    before: [
      `Subject: License notices for your AWS account ${accountId}`,
      `So that you and we know in time when your license changes or ends, please\ncreate one small CloudFormation stack in your AWS account ${accountId}.`,
      ...steps,
      ...(launch.link === null
        ? []
        : [`Or do the same with the AWS CLI, in the folder of the attached\n${TEMPLATE_FILE}:`]),
      '',
    ].join('\n\n'),
    command: launch.command,
    after: `\n${steps.length + 1}. ${confirmation(of)}\n\nAfter two minutes or so the stack is complete. Its output SelfTest says "ok",\nor what is missing and what to do.\n`,
  };
}

export function letterText({ before, command, after }: Letter): string {
  return `${before}${command}\n${after}`;
}

function approval(name: string): string {
  return `Give the attached ${name} to your\n   security team: what the stack may do, what leaves your account, how to watch\n   us, how to leave.`;
}

function withLink({ accountId, sha256, launch, watcher }: LetterInput, link: string): string {
  return [
    item(
      `Signed in to account ${accountId}, open this link, ${TICK_AND_CREATE}. The link is for your account alone; please do not pass it on.`,
    ),
    link,
    fingerprint(sha256, fingerprintCommand(launch.templateUrl ?? '', watcher)),
  ].join('\n\n');
}

function withoutLink({ accountId, sha256, launch, local }: LetterInput): string {
  if (local !== undefined) {
    const url =
      launch.urlCommand === null
        ? ''
        : `\n\n${launch.urlCommand}\n\n   Or with the template’s file:`;
    return `Run this with the keys of ${accountId}: ${LOCAL_CLOUD_FILE} has those\n   of the accounts that "npm start" names; for any other, launch with "New\n   buyer" in the console of the local cloud. AWS’s console is not here, so there\n   is no link.${url}`;
  }
  return [
    `Run the command below with the AWS CLI in account ${accountId}, in the\n   folder of the attached ${TEMPLATE_FILE}. It is for your account\n   alone; please do not pass it on.`,
    fingerprint(sha256, `sha256sum ${TEMPLATE_FILE}`),
  ].join('\n\n');
}

function fingerprint(sha256: string, command: string): string {
  return `   The SHA-256 of the template, and the command that shows it:\n   ${sha256}\n   ${command}`;
}

function confirmation({ emails, local, watcher }: LetterInput): string {
  const mail = item(emails.length === 0 ? MAIL_TO_GIVEN_ADDRESS : mailTo(emails));
  if (local !== undefined) return mail;
  const command = confirmAgainstScanners(watcher.region).map((line) => `     ${line}`);
  return `${mail}\n\n   ${item(SCANNERS_UNSUBSCRIBE)}\n\n${command.join('\n')}`;
}

/** The local cloud lets the buyers' own keys do everything. */
function permission({ watcher, local }: LetterInput): readonly string[] {
  const { region, sellerAccountId, deployment } = watcher;
  // The settings allow no Region of another partition.
  const topicArn = `arn:aws:sns:${region}:${sellerAccountId}:${registrationTopicName(deployment)}`;
  return local === undefined ? [item(publishesAsLauncher(topicArn))] : [];
}

/** Lines of a numbered paragraph, without the indent of the first. */
function item(text: string): string {
  return wrapped(text, '   ').join('\n').trimStart();
}

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

/** Mail programs end a link at the characters that encodeURIComponent leaves. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** How a buyer sees that the hosted template is the one that was approved. */
function fingerprintCommand(templateUrl: string, watcher: Watcher): string {
  if (watcher.templates?.access === 'public') return `curl -s ${templateUrl} | sha256sum`;
  const { hostname, pathname } = new URL(templateUrl);
  return `aws s3 cp s3://${hostname.split('.s3.')[0] ?? ''}${pathname} - | sha256sum`;
}

/** A comma ends a value in the AWS CLI's own short form. */
function inList(value: string): string {
  return value.replaceAll(',', '\\,');
}
