import { allowedActions } from '../explanation.ts';
import { html, type Html } from './html.ts';
import { block, code, list, section } from './parts.ts';
import type { Told } from './request.ts';

/** How the buyer sees each access in CloudTrail. */
export function watchingUs(told: Told, sessionName: string): Html {
  const { request, explanation } = told;
  const events = allowedActions(explanation).map((action) => action.slice(action.indexOf(':') + 1));
  const { region } = request;
  return section(
    'watch',
    'How to watch us in CloudTrail',
    html`<p>
      Each access is a management event in this account, in ${region}: ${code('AssumeRole')} of
      ${code('sts.amazonaws.com')}, then, as the role’s session ${code(sessionName)},
      ${events.map((event, at) => html`${at === 0 ? '' : ', '}${code(event)}`)}. Anything else by this role would be
      worth an alarm. Event history keeps 90 days without any set-up. What was done by sessions of that name:
    </p>`,
    block(
      `aws cloudtrail lookup-events --region ${region} \\\n  --lookup-attributes AttributeKey=Username,AttributeValue=${sessionName} \\\n  --query 'Events[].[EventTime,EventName]' --output table`,
    ),
    html`<p>
      That does not show ${code('AssumeRole')}: it is done by the seller’s account, so its event here has no user name.
      Nor does it show a session by another name. Every use of the role begins with an ${code('AssumeRole')} whose
      resource name is the role’s ARN. In each event that this prints, ${code('userIdentity.accountId')} is who came,
      ${code('requestParameters.roleSessionName')} the session’s name:
    </p>`,
    ...roleArns(told).map((arn) =>
      block(
        `aws cloudtrail lookup-events --region ${region} \\\n  --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRole \\\n  --query "Events[?Resources[?ResourceName && contains(ResourceName, '${arn}')]].[CloudTrailEvent]" \\\n  --output text`,
      ),
    ),
    html`<p>With a trail and Amazon Athena, everything that was not announced (no row is good):</p>`,
    block(
      `SELECT eventtime, eventsource, eventname, errorcode, sourceipaddress\nFROM cloudtrail_logs\nWHERE (${rolePatterns(
        told,
      )
        .map((pattern) => `useridentity.sessioncontext.sessionissuer.arn LIKE '${pattern}'`)
        .join(
          '\n    OR ',
        )})\n  AND eventname NOT IN (${events.map((event) => `'${event}'`).join(', ')})\nORDER BY eventtime DESC`,
    ),
    html`<p>Who became the role (it should only ever be account ${code(request.sellerAccountId)}):</p>`,
    block(
      `SELECT eventtime, useridentity.accountid, errorcode\nFROM cloudtrail_logs\nWHERE eventname = 'AssumeRole'\n  AND (${rolePatterns(
        told,
      )
        .map((pattern) => `json_extract_scalar(requestparameters, '$.roleArn') LIKE '${pattern}'`)
        .join('\n    OR ')})\nORDER BY eventtime DESC`,
    ),
    list([
      html`Messages to the topic (${code('sns:Publish')}) are data events: CloudTrail records them only where you have
      switched that on.`,
    ]),
  );
}

/** For SQL. */
function rolePatterns(told: Told): readonly string[] {
  return roleArns(told).map((arn) => `${arn}%`);
}

/** Up to the name, which is CloudFormation's. */
function roleArns({ request, explanation }: Told): readonly string[] {
  const roles = explanation.resources.filter(({ trust }) => trust.length > 0);
  return roles.map(({ facts }) => {
    const path = facts.find(({ label }) => label === 'Path')?.value ?? '/';
    return `arn:${request.partition}:iam::${request.buyerAccountId}:role${path}`;
  });
}

export function whatItCosts({ explanation }: Told): Html {
  const calls = allowedActions(explanation).length;
  return section(
    'cost',
    'What it costs you',
    list([
      html`The role, the topic, its policy and the calls to License Manager: nothing. E-mails by SNS: the first 1,000 of
      a month are free.`,
      html`CloudTrail: at the usual 15 minutes at most ${calls} kinds of call and one ${code('AssumeRole')} for each
      product and license, about 15,000 management events a month for one license. Event history and the first trail are
      free; an additional trail costs about $0.30 a month for them. GuardDuty and tools that are paid by the event count
      them as well.`,
      html`Seats: a check holds none, see <a href="#reach">the true reach</a>.`,
    ]),
  );
}
