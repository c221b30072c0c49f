import type { Permission } from '../permissions.ts';
import type { Fact, ResourceInWords } from '../resources.ts';
import { NAMES_BY_CLOUDFORMATION, PASSED_OVER } from './aws-sentences.ts';
import { html, type Html } from './html.ts';
import { code, lines, list, section, table, whenInWords } from './parts.ts';
import { grantTable, sharingTable, denials } from './permission-tables.ts';
import type { PageInput } from './request.ts';

export function whatIsCreated({ explanation }: PageInput): Html {
  return section(
    'created',
    'What the stack creates',
    NAMES_BY_CLOUDFORMATION,
    table(
      'All resources of the template',
      ['Name in the template', 'Type', 'What it is for', 'Properties', 'Created'],
      explanation.resources.map(({ id, type, purpose, facts, when, retained }) => [
        code(id),
        code(type),
        retained ? `${purpose} ${PASSED_OVER}` : purpose,
        lines(facts.map(fact)),
        whenInWords(when === undefined ? [] : [when]),
      ]),
    ),
  );
}

export function whatItMayDo({ explanation }: PageInput): Html {
  const roles = explanation.resources.filter(({ grants }) => grants.length > 0);
  return section(
    'permissions',
    'What the seller’s watcher may do',
    ...roles.map(
      ({ id, grants }) =>
        html`<h3>Permissions of the role ${code(id)}</h3>
          ${grantTable(grants)} ${denials(grants)}`,
    ),
  );
}

export function whoMayComeIn(
  { explanation, request }: PageInput,
  session: { name: string; seconds: number },
): Html {
  const { resources } = explanation;
  const trusted = ({ id, trust }: ResourceInWords): Html =>
    html`<h3>Who may use the role ${code(id)}</h3>
      ${sharingTable(`Trust policy of ${id}`, trust)}`;
  const shared = ({ id, sharing }: ResourceInWords): Html =>
    html`<h3>What others may do with ${code(id)}</h3>
      ${sharingTable(`Policy ${id}`, sharing)}`;
  return section(
    'trust',
    'Who is trusted',
    ...resources.filter(({ trust }) => trust.length > 0).map(trusted),
    list([
      html`The ExternalId was made at random for this invitation and belongs to account
      ${code(request.buyerAccountId)} alone. It keeps the seller’s watcher from being tricked into
      using your role on behalf of somebody else.`,
      html`The watcher asks for sessions of ${session.seconds / 60} minutes under the name
      ${code(session.name)}. That is how it behaves, not what the trust policy enforces.`,
      ...resources.flatMap(({ trust }) => trust.flatMap(whoCouldJoin)),
    ]),
    ...resources.filter(({ sharing }) => sharing.length > 0).map(shared),
  );
}

/** Warns of patterns, which also trust roles that do not exist yet. */
function whoCouldJoin({ effect, tests }: Permission): readonly Html[] {
  const patterns = tests
    .filter(({ key }) => key === 'aws:PrincipalArn')
    .flatMap(({ values }) => values);
  return effect === 'Deny'
    ? []
    : patterns
        .filter((pattern) => pattern.includes('*'))
        .map(
          (pattern) =>
            html`The trust policy names roles by a pattern: anybody who may create roles in the
            seller’s account that match ${code(pattern)}, and knows the ExternalId, can use your
            role. Ask the seller who that is.`,
        );
}

function fact({ label, value, when }: Fact): Html {
  return html`${label}:
  ${value === '' ? '(empty)' : code(value)}${when.length === 0 ? '' : ` ${whenInWords(when)}`}`;
}
