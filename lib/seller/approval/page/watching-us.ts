import { allowedActions } from '../explanation.ts';
import {
  accessesAreEvents,
  ASSUME_ROLE_APART,
  cloudTrailCosts,
  COSTS_NOTHING,
  PUBLISHES_ARE_DATA_EVENTS,
} from './aws-sentences.ts';
import { html, type Html } from './html.ts';
import { block, code, list, section } from './parts.ts';
import type { PageInput } from './request.ts';

/** Says how the buyer sees each access in CloudTrail. */
export function watchingUs(told: PageInput, sessionName: string): Html {
  const { request, explanation } = told;
  const events = allowedActions(explanation).map((action) => action.slice(action.indexOf(':') + 1));
  const { region } = request;
  return section(
    'watch',
    'How to watch us in CloudTrail',
    accessesAreEvents(region, sessionName, events),
    block(
      `aws cloudtrail lookup-events --region ${region} \\\n  --lookup-attributes AttributeKey=Username,AttributeValue=${sessionName} \\\n  --query 'Events[].[EventTime,EventName]' --output table`,
    ),
    ASSUME_ROLE_APART,
    ...roleArns(told).map((arn) =>
      block(
        `aws cloudtrail lookup-events --region ${region} \\\n  --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRole \\\n  --query "Events[?Resources[?ResourceName && contains(ResourceName, '${arn}')]].[CloudTrailEvent]" \\\n  --output text`,
      ),
    ),
    html`<p>
      With a trail and Amazon Athena, everything that was not announced (no rows: all is well):
    </p>`,
    block(
      `SELECT eventtime, eventsource, eventname, errorcode, sourceipaddress\nFROM cloudtrail_logs\nWHERE (${rolePatterns(
        told,
      )
        .map((pattern) => `useridentity.sessioncontext.sessionissuer.arn LIKE '${pattern}'`)
        .join(
          '\n    OR ',
        )})\n  AND eventname NOT IN (${events.map((event) => `'${event}'`).join(', ')})\nORDER BY eventtime DESC`,
    ),
    html`<p>
      Who became the role (it should only ever be account ${code(request.sellerAccountId)}):
    </p>`,
    block(
      `SELECT eventtime, useridentity.accountid, errorcode\nFROM cloudtrail_logs\nWHERE eventname = 'AssumeRole'\n  AND (${rolePatterns(
        told,
      )
        .map((pattern) => `json_extract_scalar(requestparameters, '$.roleArn') LIKE '${pattern}'`)
        .join('\n    OR ')})\nORDER BY eventtime DESC`,
    ),
    list([PUBLISHES_ARE_DATA_EVENTS]),
  );
}

/** Patterns for SQL's LIKE. */
function rolePatterns(told: PageInput): readonly string[] {
  return roleArns(told).map((arn) => `${arn}%`);
}

/** ARNs of the roles up to the name, which CloudFormation chooses. */
function roleArns({ request, explanation }: PageInput): readonly string[] {
  const roles = explanation.resources.filter(({ trust }) => trust.length > 0);
  return roles.map(({ facts }) => {
    const path = facts.find(({ label }) => label === 'Path')?.value ?? '/';
    return `arn:${request.partition}:iam::${request.buyerAccountId}:role${path}`;
  });
}

export function whatItCosts({ explanation }: PageInput): Html {
  const calls = allowedActions(explanation).length;
  return section(
    'cost',
    'What it costs you',
    list([
      COSTS_NOTHING,
      cloudTrailCosts(calls),
      html`Seats: a check holds none, see <a href="#reach">the true reach</a>.`,
    ]),
  );
}
