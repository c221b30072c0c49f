import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The output of `cdk synth`: templates by stack name, asset directories by the S3 key that templates name. */
export interface Assembly {
  template(stackName: string): string;
  asset(s3Key: string): string;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}
interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}
interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** Reads a cloud assembly and all nested ones. */
export function readAssembly(directory: string): Assembly {
  const templates = new Map<string, string>();
  const assets = new Map<string, string>();
  read(directory, templates, assets);
  return {
    template: (stackName) => found(templates, stackName, `stack ${stackName} in ${directory}`),
    asset: (s3Key) => found(assets, s3Key, `asset ${s3Key} in ${directory}`),
  };
}

function read(
  directory: string,
  templates: Map<string, string>,
  assets: Map<string, string>,
): void {
  const { artifacts = {} } = parse(join(directory, 'manifest.json')) as Manifest;
  for (const [id, artifact] of Object.entries(artifacts)) {
    const { templateFile, stackName, directoryName } = artifact.properties ?? {};
    if (artifact.type === 'aws:cloudformation:stack' && templateFile !== undefined) {
      templates.set(stackName ?? id, readFileSync(join(directory, templateFile), 'utf8'));
    }
    if (artifact.type === 'cdk:cloud-assembly' && directoryName !== undefined)
      read(join(directory, directoryName), templates, assets);
  }
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.assets.json'))) {
    for (const { source, destinations } of Object.values(
      (parse(join(directory, file)) as AssetManifest).files ?? {},
    )) {
      for (const { objectKey } of Object.values(destinations))
        if (source.path !== undefined) assets.set(objectKey, join(directory, source.path));
    }
  }
}

function parse(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function found(map: ReadonlyMap<string, string>, key: string, what: string): string {
  const value = map.get(key);
  if (value === undefined)
    throw new Error(`no ${what}; there is ${[...map.keys()].join(', ') || 'nothing'}`);
  return value;
}
