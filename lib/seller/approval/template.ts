import * as z from 'zod/mini';

/** The page could not tell everything about the template, so it tells nothing. */
export class UnexplainedTemplate extends Error {
  override readonly name = 'UnexplainedTemplate';
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
  }
}

const parameter = z.strictObject({
  Type: z.literal('String'),
  Description: z.string(),
  Default: z.optional(z.string()),
  AllowedPattern: z.optional(z.string()),
  AllowedValues: z.optional(z.array(z.string())),
  ConstraintDescription: z.optional(z.string()),
});

const resource = z.strictObject({
  Type: z.string(),
  Properties: z.optional(z.record(z.string(), z.unknown())),
  DependsOn: z.optional(z.unknown()),
  Condition: z.optional(z.string()),
  DeletionPolicy: z.optional(z.string()),
  UpdateReplacePolicy: z.optional(z.string()),
});

/** Strict, because a section that is not listed could change what the others do. */
const template = z.strictObject({
  AWSTemplateFormatVersion: z.optional(z.string()),
  Description: z.string(),
  Rules: z.record(z.string(), z.unknown()),
  Parameters: z.record(z.string(), parameter),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.strictObject({ Description: z.string(), Value: z.unknown() })),
});

export type BuyerTemplate = z.infer<typeof template>;
export type TemplateParameter = z.infer<typeof parameter>;
export type TemplateResource = z.infer<typeof resource>;

export function parseTemplate(text: string): BuyerTemplate {
  const parsed = z.safeParse(template, json(text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the file'}: ${problemOf(issue)}`,
  );
  throw new UnexplainedTemplate('the buyer template', problems.join('; '));
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  return `the approval page has no words for ${issue.keys.join(', ')}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnexplainedTemplate('the buyer template', `it is not JSON: ${String(error)}`);
  }
}

/** The one rule that a buyer template has: the Region it must be created in. */
const regionRule = z.strictObject({
  Region: z.strictObject({
    Assertions: z.tuple([
      z.strictObject({
        Assert: z.strictObject({
          'Fn::Equals': z.tuple([z.strictObject({ Ref: z.literal('AWS::Region') }), z.string()]),
        }),
        AssertDescription: z.string(),
      }),
    ]),
  }),
});

/** The watcher that a template was made for. */
export interface TemplatePlace {
  readonly deployment: string;
  readonly region: string;
}

export function templatePlace({
  Parameters: parameters,
  Rules: rules,
}: BuyerTemplate): TemplatePlace {
  const deployment = parameters['Deployment']?.Default;
  if (deployment === undefined)
    throw new UnexplainedTemplate('Parameters.Deployment', 'it has no default');
  const rule = z.safeParse(regionRule, rules);
  if (!rule.success)
    throw new UnexplainedTemplate('Rules', 'expected the one rule that names the Region');
  return { deployment, region: rule.data.Region.Assertions[0].Assert['Fn::Equals'][1] };
}
