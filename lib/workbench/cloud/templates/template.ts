import { TemplateError, resolve, type Scope } from '../../../seller/approval/intrinsics.ts';
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

/** Parses a template in JSON. Refuses by name sections, resource attributes and nesting that the local cloud does not know. */
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

const TYPES = new Set([
  'String',
  'Number',
  'CommaDelimitedList',
  'AWS::SSM::Parameter::Value<String>',
]);

/**
 * The values of a stack's parameters, checked as CloudFormation checks them, in its words.
 * `ssm` holds the account's SSM parameters, among them CDK's bootstrap version.
 */
export function parameterValues(
  declared: Readonly<Record<string, ParameterDeclaration>>,
  given: Readonly<Record<string, string>>,
  ssm: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length > 0)
    throw new TemplateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = Object.entries(declared).filter(
    ([name, { Default }]) => given[name] === undefined && Default === undefined,
  );
  if (missing.length > 0) {
    throw new TemplateError(
      `Parameters: [${missing.map(([name]) => name).join(', ')}] must have values`,
    );
  }
  return Object.fromEntries(
    Object.entries(declared).map(([name, declaration]) => [
      name,
      valueOf(name, declaration, given[name] ?? String(declaration.Default), ssm),
    ]),
  );
}

function valueOf(
  name: string,
  declaration: ParameterDeclaration,
  value: string,
  ssm: Readonly<Record<string, string>>,
): unknown {
  if (!TYPES.has(declaration.Type)) {
    throw new TemplateError(
      `the local cloud does not know the type ${declaration.Type} of parameter ${name}; it knows ${[...TYPES].join(', ')}`,
    );
  }
  const explained =
    declaration.ConstraintDescription === undefined
      ? undefined
      : `: ${declaration.ConstraintDescription}`;
  const refuse = (rule: string): never => {
    throw new TemplateError(
      `Parameter '${name}' ${explained === undefined ? rule : `failed to satisfy constraint${explained}`}`,
    );
  };
  if (declaration.AllowedValues?.every((allowed) => String(allowed) !== value) === true) {
    refuse(`must be one of AllowedValues`);
  }
  if (
    declaration.AllowedPattern !== undefined &&
    !new RegExp(`^(?:${declaration.AllowedPattern})$`).test(value)
  ) {
    refuse(`must match pattern ${declaration.AllowedPattern}`);
  }
  if (declaration.MinLength !== undefined && value.length < Number(declaration.MinLength)) {
    refuse(`must contain at least ${declaration.MinLength} characters`);
  }
  if (declaration.MaxLength !== undefined && value.length > Number(declaration.MaxLength)) {
    refuse(`must contain at most ${declaration.MaxLength} characters`);
  }
  if (declaration.Type === 'Number' && !Number.isFinite(Number(value))) refuse('must be a number');
  if (declaration.Type === 'CommaDelimitedList')
    return value === '' ? [] : value.split(',').map((each) => each.trim());
  if (declaration.Type !== 'AWS::SSM::Parameter::Value<String>') return value;
  const stored = ssm[value];
  if (stored === undefined)
    throw new TemplateError(
      `Unable to fetch parameters [${value}] from parameter store for this account.`,
    );
  return stored;
}

/** Checks the template's Rules, which see only parameters. Throws with the text of every assertion that fails. */
export function assertRules(rules: Readonly<Record<string, RuleDeclaration>>, scope: Scope): void {
  const failed = Object.entries(rules).flatMap(([name, rule]) => {
    if (rule.RuleCondition !== undefined && resolve(rule.RuleCondition, scope) !== true) return [];
    return rule.Assertions.filter(({ Assert }) => resolve(Assert, scope) !== true).map(
      ({ AssertDescription }) => AssertDescription ?? `rule ${name} failed`,
    );
  });
  if (failed.length > 0) throw new TemplateError(`Template validation error: ${failed.join('; ')}`);
}
