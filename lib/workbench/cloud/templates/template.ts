import { TemplateError } from '../../../seller/approval/intrinsics.ts';
import type { Properties } from '../resource.ts';

export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain' | 'Snapshot';
  readonly Metadata?: unknown;
}

export interface ParameterDeclaration {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly ConstraintDescription?: string;
  readonly Description?: string;
  readonly NoEcho?: boolean;
}

export interface RuleDeclaration {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export interface OutputDeclaration {
  readonly Value: unknown;
  readonly Condition?: string;
  readonly Description?: string;
  readonly Export?: unknown;
}

export interface Template {
  readonly Description?: string;
  readonly Parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly Rules: Readonly<Record<string, RuleDeclaration>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly Outputs: Readonly<Record<string, OutputDeclaration>>;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
]);
const RESOURCE_FIELDS = new Set([
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
]);

/** Parses a template in JSON. Sections, resource attributes and nesting that the local cloud does not know are refused by name. */
export function parseTemplate(body: string): Template {
  const raw = parseJson(body);
  for (const section of Object.keys(raw)) {
    if (!SECTIONS.has(section))
      throw new TemplateError(`the local cloud does not know the template section ${section}`);
  }
  const resources = raw['Resources'] as Template['Resources'] | undefined;
  if (resources === undefined || Object.keys(resources).length === 0) {
    throw new TemplateError(
      'Template format error: At least one Resources member must be defined.',
    );
  }
  for (const [id, resource] of Object.entries(resources)) {
    const unknown = Object.keys(resource).find((field) => !RESOURCE_FIELDS.has(field));
    if (unknown !== undefined) {
      throw new TemplateError(
        `the local cloud does not know the attribute ${unknown} of resource ${id}`,
      );
    }
  }
  return {
    ...(raw as object),
    Parameters: (raw['Parameters'] ?? {}) as Template['Parameters'],
    Rules: (raw['Rules'] ?? {}) as Template['Rules'],
    Conditions: (raw['Conditions'] ?? {}) as Template['Conditions'],
    Resources: resources,
    Outputs: (raw['Outputs'] ?? {}) as Template['Outputs'],
  };
}

function parseJson(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch (cause) {
    throw new TemplateError(
      'Template format error: the local cloud reads templates in JSON, and this is none',
      {
        cause,
      },
    );
  }
}
