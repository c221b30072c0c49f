import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const PAGE = join(import.meta.dirname, 'page');

/** The part of the page that is the same in every report. */
interface PageCode {
  readonly script: string;
  readonly style: string;
  /** The notices that the licenses of its libraries ask for. */
  readonly licenses: string;
}

let bundled: Promise<PageCode> | undefined;

/** Bundles the page once per process: it takes a third of a second, most of it for the charts. */
export function bundlePage(): Promise<PageCode> {
  bundled ??= makeBundle().catch((error: unknown) => {
    // The cause may be gone the next time.
    bundled = undefined;
    throw error;
  });
  return bundled;
}

async function makeBundle(): Promise<PageCode> {
  const [script, style, licenses] = await Promise.all([
    bundleForHtml(join(PAGE, 'open.ts')),
    bundleForHtml(join(PAGE, 'page.css')),
    licensesOfCharts(),
  ]);
  return { script, style, licenses };
}

/** Bundles a script or a style sheet with all that it imports, so that it can stand inside an HTML file. */
export async function bundleForHtml(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2023',
    charset: 'utf8',
    legalComments: 'none',
    // ECharts reads this before it warns developers.
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${file}`);
  // esbuild escapes what would end the element around it. We would not know how to escape anything that it left.
  const [unsafe] = /<\/script|<\/style|<!--/i.exec(output.text) ?? [];
  if (unsafe !== undefined)
    throw new Error(`${file} cannot stand inside HTML: it has ${unsafe} in it`);
  return output.text;
}

async function licensesOfCharts(): Promise<string> {
  const echarts = createRequire(import.meta.url).resolve('echarts/package.json');
  const zrender = createRequire(echarts).resolve('zrender/package.json');
  const files = [join(dirname(echarts), 'NOTICE'), join(dirname(zrender), 'LICENSE')];
  const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')));
  return [
    'The charts are drawn by Apache ECharts, Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0),',
    'and zrender, BSD 3-Clause License.',
    '',
    ...texts,
  ].join('\n');
}
