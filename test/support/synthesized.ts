import { Template } from 'aws-cdk-lib/assertions';
import { LicenseWatcherApp } from '../../lib/stacks/license-watcher-app.ts';
import { settingsContext } from './settings-context.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The app as `cdk synth` builds it, without bundling the functions. */
export function licenseWatcherApp(overrides: Record<string, unknown> = {}): LicenseWatcherApp {
  return new LicenseWatcherApp({
    context: { 'license-watcher': settingsContext(overrides), 'aws:cdk:bundling-stacks': [] },
    outdir: temporaryDirectory(),
  });
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Synthesized {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly json: Readonly<Record<string, unknown>>;
}

export function synthesized(
  stack: LicenseWatcherApp['watcher'] | LicenseWatcherApp['buyer'],
): Synthesized {
  const json = Template.fromStack(stack).toJSON() as Record<string, unknown>;
  return {
    resources: json['Resources'] as Synthesized['resources'],
    outputs: json['Outputs'] as Synthesized['outputs'],
    json,
  };
}

/** The resources of a type, by logical ID. */
export function ofType({ resources }: Synthesized, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/**
 * A template's value in readable form: joins are joined, references become `<Ref>` and `<Resource.Attribute>`, and logical IDs lose
 * CDK's hashes.
 */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value) as [
    string,
    unknown,
  ][];
  if (others.length === 0 && name === 'Ref') return `<${named(argument)}>`;
  if (others.length === 0 && name === 'Fn::GetAtt') {
    const [id, attribute] = argument as [string, string];
    return `<${named(id)}.${attribute}>`;
  }
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => String(readable(part))).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readable(each)]));
}

function named(logicalId: unknown): string {
  return String(logicalId).replace(/[0-9A-F]{8}$/, '');
}

/** The template without the hashes that change when only the bundles' code does. */
export function withoutHashes(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json).replace(/[0-9a-f]{64}\.zip/g, '<hash>.zip')) as unknown;
}
