import { BUYER_OUTPUTS } from '../../messages/names.ts';
import { resourceInWords, type ResourceInWords } from './resources.ts';
import { templateValues, textOf, type Particulars } from './values.ts';
import {
  templatePlace,
  type BuyerTemplate,
  type TemplateParameter,
  type TemplatePlace,
} from './template.ts';

/** Everything that a template does in a buyer's account, in words. */
export interface Explanation {
  readonly description: string;
  readonly place: TemplatePlace;
  readonly version: string;
  readonly resources: readonly ResourceInWords[];
  readonly parameters: readonly ExplainedParameter[];
  readonly outputs: readonly { readonly name: string; readonly description: string }[];
}

interface ExplainedParameter extends TemplateParameter {
  readonly name: string;
  /** The value that the invitation gives it, else its default. */
  readonly value: string;
}

/** Throws an `UnexplainedTemplate` if there is anything that it has no words for. */
export function explainTemplate(template: BuyerTemplate, particulars: Particulars): Explanation {
  const values = templateValues(template, particulars);
  const { Parameters: parameters, Resources: resources, Outputs: outputs } = template;
  return {
    description: template.Description,
    place: templatePlace(template),
    version: textOf(
      outputs[BUYER_OUTPUTS.templateVersion]?.Value,
      values,
      `Outputs.${BUYER_OUTPUTS.templateVersion}`,
    ),
    resources: Object.entries(resources).map(([id, resource]) =>
      resourceInWords(id, resource, values),
    ),
    parameters: Object.entries(parameters).map(([name, parameter]) => ({
      ...parameter,
      name,
      value: values.texts.get(name) ?? '',
    })),
    outputs: Object.entries(outputs).map(([name, { Description: description }]) => ({
      name,
      description,
    })),
  };
}

/** The actions that roles of the stack are allowed, each once. */
export function allowedActions({ resources }: Explanation): readonly string[] {
  const allowed = resources.flatMap(({ grants }) =>
    grants.filter(({ effect }) => effect === 'Allow'),
  );
  return [...new Set(allowed.flatMap(({ actions }) => actions))];
}
