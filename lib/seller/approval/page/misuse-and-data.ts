import { actionInWords } from '../actions.ts';
import { allowedActions } from '../explanation.ts';
import type { Permission } from '../permissions.ts';
import { DENY_OF_THE_REST, NO_LIMIT_IN_IAM } from './aws-sentences.ts';
import { html, type Html } from './html.ts';
import { code, list, section, table } from './parts.ts';
import type { PageInput } from './request.ts';

export function possibleMisuse({ explanation }: PageInput): Html {
  const grants = explanation.resources.flatMap((resource) => resource.grants);
  const everywhere = grants.filter(
    ({ effect, resources }) => effect === 'Allow' && resources.includes('*'),
  );
  return section(
    'reach',
    'The true reach',
    NO_LIMIT_IN_IAM,
    list(everywhere.flatMap(({ actions }) => actions.map(misuseOf))),
    html`<p>The template says of itself: “${explanation.description}”</p>`,
    grants.some(deniesTheRest)
      ? DENY_OF_THE_REST
      : html`<p class="unexplained">No statement denies everything else.</p>`,
  );
}

const MISUSE: ReadonlyMap<string, string> = new Map([
  [
    'license-manager:ListReceivedLicenses',
    'lists the licenses of all vendors that this account has received.',
  ],
  [
    'license-manager:CheckoutLicense',
    'could check out any license of this account, not only the seller’s. A checkout of a counted license holds units until it is checked in or its time to live is over. The watcher checks out the seller’s products only, by default an entitlement that holds no unit; it checks out one counted unit only if the seller has set that for a product and at least two are free.',
  ],
  [
    'license-manager:CheckInLicense',
    'could check in checkouts whose token it knows; nothing lists these.',
  ],
]);

function misuseOf(action: string): Html {
  const words = MISUSE.get(action);
  return words === undefined
    ? html`${code(action)}
        <strong class="unexplained">is granted on all resources. Ask the seller why.</strong>`
    : html`${code(action)} ${words}`;
}

function deniesTheRest({ effect, covers, resources, tests, when }: Permission): boolean {
  return (
    effect === 'Deny' &&
    covers === 'all but these' &&
    resources.includes('*') &&
    tests.length === 0 &&
    when.length === 0
  );
}

export function whatLeaves({ explanation }: PageInput): Html {
  const shared = explanation.resources.flatMap(({ sharing }) =>
    sharing.filter(({ effect }) => effect === 'Allow'),
  );
  const actions = new Set([
    ...allowedActions(explanation),
    ...shared.flatMap((permission) => permission.actions),
  ]);
  const rows = [...actions].flatMap((action) => {
    const words = actionInWords(action);
    if (words?.leaves === null) return [];
    return [[code(action), words?.leaves ?? 'Not explained here. Ask the seller.']];
  });
  return section(
    'data',
    'What leaves the account, and how long it is kept',
    table('Taken by each action', ['Action', 'What the watcher takes with it'], rows),
    html`<p>
      At creation, update and deletion the stack also sends the properties of its
      <code>Custom::</code> resources (listed above) and its stack ID. No other data, no
      credentials, nothing about your instances, containers or users.
    </p>`,
    list([
      html`<strong>In the seller’s account, without a time limit:</strong> the ledger, one entry for
        each change of a license and each reminder, with when it was told, so that both of you can
        prove what was known and told. It is append-only, and stays when you leave.`,
      html`<strong>400 days:</strong> what became of each notice. <strong>A month:</strong> the logs
        of the watcher’s functions, with account ID and error texts.`,
      html`<strong>Also without a time limit:</strong> your registration. It has the account ID, the
        names of role, topic and stack, and your answers to the parameters, including the
        <strong>e-mail addresses</strong>. It stays when you leave, marked as such.`,
      html`<strong>35 more days:</strong> the seller’s tables have backups (point-in-time recovery).
        For that time the seller can restore what is deleted or has expired in a table.`,
      html`<strong>In your account:</strong> the topic names no KMS key, so none of your keys
        encrypts its messages at rest.`,
      html`<strong>By e-mail:</strong> the seller is told of changes and ends; you are told through
        your own topic.`,
    ]),
  );
}
