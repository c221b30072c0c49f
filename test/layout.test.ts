import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['lib', 'lambdas', 'bin'].flatMap(filesBelow);
const IMPORTS = new Map(SOURCES.map((path) => [path, importsOf(path)]));

describe('the layout of docs/reading.md', () => {
  test('no circle of files', () => {
    expect(circle()).toEqual([]);
  });

  test('nothing but the workbench, its entry points and the tests imports the workbench', () => {
    const importers = SOURCES.filter(
      (path) => !isWorkbench(path) && IMPORTS.get(path)?.some(isWorkbench),
    );
    expect(importers).toEqual(['bin/bench.ts', 'bin/local.ts', 'bin/mails.ts']);
  });
});

describe('what is deployed', () => {
  const entryPoints = SOURCES.filter((path) => /^lambdas\/[^/]+\/index\.ts$/.test(path));

  test.each(entryPoints)('%s carries nothing of CDK, the command line or the workbench', (path) => {
    const carried = closureOf(path);
    expect(carried.size).toBeGreaterThan(20);
    const strange = /^lib\/(stacks|seller|workbench)\/|^(aws-cdk-lib|constructs)\b/;
    expect([...carried].filter((name) => strange.test(name))).toEqual([]);
  });

  test('can be told from the path: each file of these folders serves a Lambda', () => {
    const served = new Set(['lib/aws/node-http.ts', ...entryPoints]);
    for (const path of served) for (const imported of IMPORTS.get(path) ?? []) served.add(imported);
    const deployed = /^(?:lambdas|lib\/(?:aws|domain|mail|messages|observability))\//;
    expect(SOURCES.filter((path) => deployed.test(path) && !served.has(path))).toEqual([]);
    expect([...served].filter((path) => !deployed.test(path))).toEqual([]);
  });
});

/** Theatre and furniture, and what was said in other words of our own: each has a word of the field instead (docs/reading.md). */
const BANNED = new Set(
  [
    'actor actors asks belief cast desk door doors errand errands eyes gather ground heard ladder',
    'mishap mishaps noted nudge nudges occasion pace patience patient play played plot plots reach',
    'rehearsal rehearse room rooms rung rungs saw scene scenery scenes shelve shelved shelves',
    'sighting sightings stage stagehands stay stories story telling tellings vain wish wishes',
  ].flatMap((line) => line.split(' ')),
);

const FOLDERS = ['bin', 'lambdas', 'lib', 'test'];

test.each(FOLDERS)('no name in %s is a banned word', (folder) => {
  const found = filesBelow(folder).flatMap((path) =>
    [path.slice(folder.length), ...declaredNames(path)].filter(isBanned),
  );
  expect(found).toEqual([]);
});

/** They name what AWS names, beside the product that reads it from the other side. */
const STAND_INS = /^lib\/workbench\/(agreement-service|cloud|license-manager)\//;

test('a type that other files import has a name of its own', () => {
  const filesOf = new Map<string, string[]>();
  for (const path of SOURCES.filter((source) => !STAND_INS.test(source)))
    for (const name of exportedTypes(path)) filesOf.set(name, [...(filesOf.get(name) ?? []), path]);
  // Each Lambda names its own dependencies.
  filesOf.delete('Dependencies');
  expect([...filesOf].filter(([, files]) => files.length > 1)).toEqual([]);
});

function exportedTypes(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const declared = text.matchAll(/^export (?:abstract )?(?:class|interface|type) (\w+)/gm);
  return [...declared].map(([, name = '']) => name);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .toSorted();
}

/** Files of ours, type imports included. */
function importsOf(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, to = '']) =>
    posix.join(dirname(path), to),
  );
}

/** Files and packages that a bundle of this file holds: all that it imports, but types. */
function closureOf(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  const text = readFileSync(join(ROOT, path), 'utf8').replace(
    /^(import|export) type [^;]*;$/gm,
    '',
  );
  for (const [, to = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g))
    if (to.startsWith('.')) closureOf(posix.join(dirname(path), to), found);
    else found.add(to);
  return found;
}

function isWorkbench(path: string): boolean {
  return path.startsWith('lib/workbench/');
}

/** The first circle found, its first file last again; empty: there is none. */
function circle(): readonly string[] {
  const done = new Set<string>();
  const search = (path: string, way: readonly string[]): readonly string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of IMPORTS.get(path) ?? []) {
      const found = search(next, [...way, path]);
      if (found.length > 0) return found;
    }
    done.add(path);
    return [];
  };
  return SOURCES.map((path) => search(path, [])).find(({ length }) => length > 0) ?? [];
}

/** What a file itself gives a name to; names of AWS and of libraries it only uses. */
function declaredNames(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const { name } = node as { name?: ts.Node };
    if (name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)))
      if (!ts.isPropertyAccessExpression(node) && !ts.isImportSpecifier(node))
        names.push(name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return names;
}

/** By whole words: `background` and `displayName` hold none. */
function isBanned(name: string): boolean {
  if (/sendOff/i.test(name)) return true;
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .some((word) => BANNED.has(word.toLowerCase()));
}
