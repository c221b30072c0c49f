import { cleanText } from '../../../domain/outside-text.ts';
import {
  functionRoleName,
  functionRolePath,
  SESSION_NAME,
  SESSION_SECONDS,
} from '../../../messages/names.ts';
import type { Explanation } from '../explanation.ts';
import { TOPIC } from '../resources.ts';
import { NOT_ALL_OF_IT } from './aws-sentences.ts';
import { html, Html } from './html.ts';
import { launching } from './launching.ts';
import { code, list } from './parts.ts';
import { possibleMisuse, whatLeaves } from './misuse-and-data.ts';
import type { PageInput } from './request.ts';
import { STYLE } from './style.ts';
import { parameters, switchingOff, theTemplate } from './switching-off.ts';
import { watchingUs, whatItCosts } from './watching-us.ts';
import { whatIsCreated, whatItMayDo, whoMayComeIn } from './what-is-created.ts';

/** The page, for a reviewer who has never heard of us: one file that fetches nothing and has no script. */
export function page(told: PageInput): string {
  const title = `License Watcher in AWS account ${told.request.buyerAccountId}: for approval`;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header>
          <h1>${title}</h1>
          ${who(told)} ${asked(told)}
        </header>
        ${contents()}
        <main id="content">
          ${inShort(told)} ${whatIsCreated(told)} ${whatItMayDo(told)} ${possibleMisuse(told)}
          ${whoMayComeIn(told, { name: SESSION_NAME, seconds: SESSION_SECONDS })}
          ${whatLeaves(told)} ${watchingUs(told, SESSION_NAME)} ${launching(told)}
          ${switchingOff(told)} ${whatItCosts(told)} ${parameters(told)} ${theTemplate(told)}
        </main>
      </body>
    </html> `;
  return `${document.text.trimEnd()}\n`;
}

function who({ request, explanation }: PageInput): Html {
  return html`<p>
    ${sellerName(explanation)}The owner of AWS account ${code(request.sellerAccountId)}, from whom
    you have licenses through AWS Marketplace, asks ${cleanText(request.buyerName)} to create the
    CloudFormation stack ${code(request.stackName)} in account ${code(request.buyerAccountId)},
    Region ${code(request.region)}. Watcher: deployment ${code(request.deployment)}. Template
    version ${explanation.version}. Page made ${request.madeAt.slice(0, 16).replace('T', ' ')} UTC.
    Before you approve, verify by independent means that ${code(request.sellerAccountId)} is this
    seller’s account.
  </p>`;
}

/** Names that the seller gave. Nobody has checked them, and the paragraph above says so. */
function asked({ request }: PageInput): Html {
  const { products, securityContact, sellerAccountId, deployment, partition } = request;
  const contacts = [...new Set(products.flatMap(({ contact }) => contact ?? []))];
  const roles = (['check-licenses', 'register-buyer'] as const).map((name) =>
    code(
      `arn:${partition}:iam::${sellerAccountId}:role${functionRolePath(deployment)}${functionRoleName(deployment, name)}`,
    ),
  );
  return list([
    html`Name that the seller uses: <bdi>${cleanText(request.sellerName)}</bdi>`,
    html`Products: ${named(products.map(({ name }) => name))}`,
    html`Questions about a product: ${contacts.length === 0 ? 'not given' : named(contacts)}`,
    html`Questions about security: ${named(securityContact === null ? contacts : [securityContact])}`,
    html`Who assumes your role, exactly:
      ${roles.map((role, at) => html`${at === 0 ? '' : ' and '}${role}`)} (the trust policy names
      their path: see <a href="#trust">who is trusted</a>).`,
  ]);
}

function named(names: readonly string[]): Html {
  return html`${names.map((name, at) => html`${at === 0 ? '' : '; '}<bdi>${cleanText(name, 200)}</bdi>`)}`;
}

/** The name that the mails will show, to be compared with the letter. */
function sellerName({ resources }: Explanation): Html {
  const names = resources.flatMap(({ type, facts }) =>
    type === TOPIC
      ? facts.filter(({ label }) => label === 'DisplayName').map(({ value }) => cleanText(value))
      : [],
  );
  return names.length === 0
    ? html``
    : html`According to the template, notices will come from <strong>${names.join(', ')}</strong>.
        The seller chose that name and nobody has checked it; the account ID is what counts. `;
}

function inShort({ explanation }: PageInput): Html {
  const services = [
    ...new Set(
      explanation.resources.flatMap(({ grants }) =>
        grants.flatMap(({ actions }) => actions.map(serviceOf)),
      ),
    ),
  ];
  return html`<div class="summary">
    ${list([
      NOT_ALL_OF_IT,
      html`How: about every 15 minutes, the seller’s watcher assumes one role of yours and reads.
      AWS services that the role’s policies name: ${services.join(', ')}.`,
      'It changes no license, runs nothing in your account, and opens no network path.',
      html`It reaches further than it needs to: see <a href="#reach">the true reach</a>.`,
      html`You can switch parts off and <a href="#leave">leave</a> at any time without the seller.`,
    ])}
  </div>`;
}

const CONTENTS = [
  ['created', 'What the stack creates'],
  ['permissions', 'What the watcher may do'],
  ['reach', 'The true reach'],
  ['trust', 'Who is trusted'],
  ['data', 'What leaves the account'],
  ['watch', 'How to watch us'],
  ['launch', 'How to launch'],
  ['leave', 'How to leave'],
  ['cost', 'Cost'],
  ['parameters', 'Parameters'],
  ['template', 'The template'],
] as const;

function contents(): Html {
  return html`<nav aria-label="Contents">
    ${list(CONTENTS.map(([id, title]) => html`<a href="#${id}">${title}</a>`))}
  </nav>`;
}

function serviceOf(action: string): string {
  return action.split(':')[0] ?? action;
}
