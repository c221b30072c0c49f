import { FAREWELL_RESOURCE } from '../../../messages/names.ts';
import { deleteSkipped, PLAIN_TEMPLATE } from './aws-sentences.ts';
import { html, type Html } from './html.ts';
import { block, code, list, section, table } from './parts.ts';
import type { PageInput } from './request.ts';

export function switchingOff(told: PageInput): Html {
  const { stackName, region } = told.request;
  const retained = told.explanation.resources.filter((resource) => resource.retained);
  const farewell =
    told.explanation.resources.find(({ type }) => type === FAREWELL_RESOURCE)?.id ?? '';
  return section(
    'leave',
    'How to switch parts off, and how to leave',
    html`<p>
      You can do this at any time, without asking anybody. Without the probe (the checkouts), the
      watcher only reads; without usage, no notice says that nearly all is used:
    </p>`,
    block(updateCommand(told, { Probe: 'no', ShareUsage: 'no' })),
    html`<p>
      To leave, delete the stack. Role and topic are gone with it, and nobody can read any more:
    </p>`,
    block(`aws cloudformation delete-stack --region ${region} --stack-name ${stackName}`),
    list([
      html`The deletion tells the seller last of all (${code(farewell)}). If the seller’s side no
      longer answers, the stack stops at DELETE_FAILED with everything else gone: delete it again
      with ${code(`--retain-resources ${farewell}`)}.`,
      ...retained.map(({ id }) => deleteSkipped(id)),
      'To stop only the e-mails, use the link at the end of each, or delete the subscription.',
      'The seller keeps what was recorded until then.',
    ]),
  );
}

/** The command that changes these parameters and leaves all others as they are. */
function updateCommand(
  { request, explanation }: PageInput,
  changes: Readonly<Record<string, string>>,
): string {
  const parameters = explanation.parameters.map(({ name }) =>
    changes[name] === undefined
      ? `    ParameterKey=${name},UsePreviousValue=true`
      : `    ParameterKey=${name},ParameterValue=${changes[name]}`,
  );
  return [
    `aws cloudformation update-stack --region ${request.region}`,
    `  --stack-name ${request.stackName} --use-previous-template`,
    '  --capabilities CAPABILITY_IAM --parameters',
    ...parameters,
  ].join(' \\\n');
}

export function parameters({ explanation }: PageInput): Html {
  return section(
    'parameters',
    'The parameters',
    table(
      'Parameters of the stack',
      ['Parameter', 'Value of this invitation', 'What it does', 'Allowed'],
      explanation.parameters.map(({ name, value, Description, AllowedValues, AllowedPattern }) => [
        code(name),
        value === '' ? '(empty)' : code(value),
        Description,
        AllowedValues === undefined
          ? code(AllowedPattern ?? 'any text')
          : AllowedValues.join(' or '),
      ]),
    ),
  );
}

export function theTemplate({ request, explanation }: PageInput): Html {
  return section(
    'template',
    'The template itself',
    html`<p>
      Version ${explanation.version}, ${new TextEncoder().encode(request.template).length}
      ${PLAIN_TEMPLATE}
    </p>`,
    block(request.sha256),
    html`<p>Compare it with the file you were sent, before you launch it:</p>`,
    block(`sha256sum ${request.templateFile}`),
    table(
      'Outputs of the stack: what you see once it is created',
      ['Output', 'What it says'],
      explanation.outputs.map(({ name, description }) => [code(name), description]),
    ),
  );
}
