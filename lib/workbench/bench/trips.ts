import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tmpdir } from 'node:os';
import type { Profiler } from 'node:inspector';
import type { FunctionName } from '../../messages/names.ts';
import { readConfig } from '../../stacks/settings/settings.ts';
import { seats } from '../scenarios/test-licenses.ts';
import { buyer, prepareBenchFixture } from './fixture.ts';
import { BENCH_SETTINGS, PRODUCTS } from './settings.ts';

/** The files and functions that one trip through the product passes. */
export interface Trip {
  readonly name: string;
  /** The files, relative to the project, that have a function in `functions`. */
  readonly files: readonly string[];
  /**
   * The functions that a reader visits, as `file name`: named functions and methods that ran. A function inside another one that ran is
   * read with it and not counted: a callback, with or without a name, or a method of an object made on the way.
   */
  readonly functions: readonly string[];
  /** The functions in `functions` that other files call; the reader meets the rest as paragraphs of a file that is already open. */
  readonly entered: readonly string[];
  /** The number of named functions that ran, including those inside others. */
  readonly ran: number;
}

/**
 * Follows one upgrade of seats from the queue's message to the ledger (check-licenses), and from the entry to the buyer's
 * mail (send-notices), with V8's precise coverage: which files and functions a reader passes. The sources run instead of the
 * bundles, which are the same code without names.
 */
export async function measureTrips(root: string): Promise<readonly Trip[]> {
  const reports = await mkdtemp(`${tmpdir()}/license-watcher-trips-`);
  try {
    await using fixture = await prepareBenchFixture(root);
    for (const name of ['check-licenses', 'send-notices'] as const) {
      const { codeDirectory } = fixture.configurationOf(name);
      await mkdir(join(reports, name));
      await writeFile(
        join(codeDirectory, 'index.mjs'),
        sourceRunner(root, name, join(reports, name)),
      );
    }
    const license = await fixture.join(buyer(1, PRODUCTS.safe.id));
    await fixture.run.sweeps(4);
    const before = await readdir(reports, { recursive: true });
    await fixture.licenses.amend(license, { entitlements: [seats(8)] });
    await fixture.run.sweeps(1);
    return await Promise.all(TRIPS.map((trip) => tripOf(trip, { reports, before, root })));
  } finally {
    await rm(reports, { recursive: true });
  }
}

/** The trips, each known by its last steps: other invocations of the function, such as for the seller's digest, make other trips. */
const TRIPS = [
  {
    name: 'from the wire to the ledger',
    of: 'check-licenses',
    arrives: ['lib/domain/check/decide.ts decide', 'lib/aws/dynamodb/contract-book.ts record'],
  },
  {
    name: 'from the entry to the buyer’s mail',
    of: 'send-notices',
    arrives: ['lib/mail/buyer-mail.ts buyerMail', 'lib/aws/sns.ts publish'],
  },
] as const;

interface Reports {
  readonly reports: string;
  /** The reports of invocations before the upgrade. */
  readonly before: readonly string[];
  readonly root: string;
}

/** Throws if no invocation after the upgrade made the trip. */
async function tripOf(
  { name, of, arrives }: (typeof TRIPS)[number],
  { reports, before, root }: Reports,
): Promise<Trip> {
  const files = (await readdir(join(reports, of))).toSorted();
  const after = files.filter((file) => !before.includes(join(of, file)));
  for (const file of after) {
    const trip = await passedOf(name, join(reports, of, file), root);
    if (arrives.every((step) => trip.functions.includes(step))) return trip;
  }
  throw new Error(
    `${name}: expected an invocation of ${of} that runs ${arrives.join(' and ')}; none of the ${after.length} after the upgrade did`,
  );
}

async function passedOf(name: string, report: string, root: string): Promise<Trip> {
  const coverage = JSON.parse(await readFile(report, 'utf8')) as Profiler.ScriptCoverage[];
  const base = `${pathToFileURL(root).href}/`;
  const ours = coverage.filter(
    ({ url }) =>
      url.startsWith(base) && /^(lib|lambdas)\/(?!workbench)/.test(url.slice(base.length)),
  );
  const ran = await Promise.all(
    ours.map(async ({ url, functions }) => ({
      file: url.slice(base.length),
      text: await readFile(new URL(url), 'utf8'),
      functions: functions.filter(
        ({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0,
      ),
    })),
  );
  const visited = ran.flatMap(({ file, text, functions }) =>
    functions
      .filter((each) => !functions.some((other) => isInside(each, other)))
      .map((each) => ({
        file,
        function: `${file} ${each.functionName}`,
        isEntered: !isOfItsFile(each, text),
      })),
  );
  return {
    name,
    files: [...new Set(visited.map(({ file }) => file))].toSorted(),
    functions: visited.map((each) => each.function).toSorted(),
    entered: visited
      .filter(({ isEntered }) => isEntered)
      .map((each) => each.function)
      .toSorted(),
    ran: ran.reduce((sum, { functions }) => sum + functions.length, 0),
  };
}

/** True if one function lies inside the other: the first range of a function's coverage is its whole text. */
function isInside(
  { ranges: [inner] }: Profiler.FunctionCoverage,
  { ranges: [outer] }: Profiler.FunctionCoverage,
): boolean {
  if (inner === undefined || outer === undefined || inner === outer) return false;
  return outer.startOffset <= inner.startOffset && inner.endOffset <= outer.endOffset;
}

/**
 * True for a function that is not exported, and for a private method; other methods are called through their object. Node.js strips types
 * in place, so that offsets are those of the source.
 */
function isOfItsFile(
  { functionName, ranges: [whole] }: Profiler.FunctionCoverage,
  text: string,
): boolean {
  if (functionName.startsWith('#')) return true;
  const start = whole?.startOffset ?? 0;
  const isDeclaration = /^(async )?function\b/.test(text.slice(start, start + 20));
  return isDeclaration && !text.slice(0, start).endsWith('export ');
}

/** The code that replaces a bundle: it loads the source and writes what each invocation ran to a file in `folder`. */
function sourceRunner(root: string, name: FunctionName, folder: string): string {
  const { settings } = readConfig({ ...BENCH_SETTINGS });
  return `
import { Session } from 'node:inspector/promises';
import { writeFileSync } from 'node:fs';
globalThis.LICENSE_WATCHER_SETTINGS = ${JSON.stringify(settings)};
const { handler: watched } = await import(${JSON.stringify(pathToFileURL(join(root, 'lambdas', name, 'index.ts')).href)});
const session = new Session();
session.connect();
await session.post('Profiler.enable');
let invocations = 0;
export const handler = async (event, context) => {
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  try {
    return await watched(event, context);
  } finally {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    await session.post('Profiler.stopPreciseCoverage');
    invocations += 1;
    // Several processes may run the function side by side.
    const name = String(Date.now()) + '-' + process.pid + '-' + invocations;
    writeFileSync(${JSON.stringify(folder)} + '/' + name + '.json', JSON.stringify(result));
  }
};
`;
}
