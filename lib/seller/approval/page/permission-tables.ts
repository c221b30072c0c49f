import { actionInWords } from '../actions.ts';
import type { Permission, PermissionTest } from '../permissions.ts';
import { allActionsBut } from './aws-sentences.ts';
import { html, type Html } from './html.ts';
import { code, lines, table, whenInWords } from './parts.ts';

/** What a role may do: each action on a row of its own. */
export function grantTable(permissions: readonly Permission[]): Html {
  const rows = permissions
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((permission) =>
      permission.actions.map((action) => [
        code(action),
        meaning(action),
        html`${lines(permission.resources.map(resource))}${restrictions(permission.tests)}`,
        whenInWords(permission.when),
      ]),
    );
  return table(
    'What the role is allowed',
    ['Action', 'In words', 'On which resources (ARN pattern)', 'Granted'],
    rows,
  );
}

export function denials(permissions: readonly Permission[]): readonly Html[] {
  return permissions
    .filter(({ effect }) => effect === 'Deny')
    .map((permission) => {
      const actions = lines(permission.actions.map(code));
      const what =
        permission.covers === 'these' ? html`these actions: ${actions}` : allActionsBut(actions);
      return html`<div class="statement">
        <div>
          <strong>Denied</strong> (${permission.sid}, ${whenInWords(permission.when)}): ${what}
        </div>
        <div>On: ${lines(permission.resources.map(resource))}${restrictions(permission.tests)}</div>
      </div>`;
    });
}

/** Who may do something with a resource of the stack. */
export function sharingTable(caption: string, permissions: readonly Permission[]): Html {
  return table(
    caption,
    ['Effect', 'Who', 'Action', 'Only if all of this holds'],
    permissions.map(({ effect, covers, principals, actions, resources, tests, when }) => [
      `${effect}${when.length === 0 ? '' : `, ${whenInWords(when)}`}`,
      lines((principals ?? []).map(principal)),
      html`${covers === 'these' ? '' : 'every action but '}${lines(
        actions.map((action) => html`${code(action)} ${meaning(action)}`),
      )}${resources.length === 0 ? '' : html`<div>on ${lines(resources.map(resource))}</div>`}`,
      tests.length === 0 ? 'no further condition' : restrictions(tests),
    ]),
  );
}

function meaning(action: string): Html {
  const words = actionInWords(action)?.does;
  return words === undefined
    ? html`<strong class="unexplained">Not explained here. Ask the seller what it is for.</strong>`
    : html`${words}`;
}

function resource(arn: string): Html {
  return arn === '*' ? html`${code('*')} (all)` : code(arn);
}

function principal(name: string): Html {
  if (name === '*') return html`${code('*')} (everybody)`;
  return name.endsWith(':root') ? html`${code(name)} (principals of that account)` : code(name);
}

function restrictions(tests: readonly PermissionTest[]): Html {
  return lines(
    tests.map(
      ({ operator, key, values }) =>
        html`${code(key)} ${OPERATORS.get(operator) ?? operator}
        ${values.map((value, at) => html`${at === 0 ? '' : ' or '}${code(value)}`)}`,
    ),
  );
}

/** Words for operators. Any other is shown by its name. */
const OPERATORS = new Map([
  ['StringEquals', 'is'],
  ['StringLike', 'matches'],
  ['ArnEquals', 'is'],
  ['ArnLike', 'matches'],
  ['Bool', 'is'],
]);
