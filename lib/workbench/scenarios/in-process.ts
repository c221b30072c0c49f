import {
  LOCAL_CLOUD_FILE,
  LOCAL_TEMPLATE_FILE,
  type LocalCloud,
} from '../../seller/local-cloud.ts';
import { connect, readDeploymentHealth } from '../../seller/cli/connect/connect.ts';
import { main } from '../../seller/cli/main.ts';

/** A command's output, and the exit code it would have. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A local cloud in this process, as the command line would find it in a file. */
export interface LocalSession {
  readonly file: LocalCloud;
  /** The buyers' template; without it nobody can be invited. */
  readonly buyerTemplate?: string;
  /** The cloud's time in epoch milliseconds, so that written records have it. */
  readonly now: () => number;
  readonly newExternalId: () => string;
  /** The files that commands read and write, by path. */
  readonly files?: Map<string, string>;
  /** Default: never. */
  readonly interrupted?: AbortSignal;
}

/** Runs a command against a local cloud in this process: the real command line, without a process of its own. */
export async function licenseWatcher(
  argv: readonly string[],
  {
    file,
    buyerTemplate,
    now,
    newExternalId,
    files,
    interrupted = new AbortController().signal,
  }: LocalSession,
): Promise<CommandResult> {
  const present = new Map([[LOCAL_CLOUD_FILE, JSON.stringify(file)]]);
  if (buyerTemplate !== undefined) present.set(LOCAL_TEMPLATE_FILE, buyerTemplate);
  let [out, err] = ['', ''];
  const code = await main(['--local', ...argv], {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    colour: false,
    width: undefined,
    progress: false,
    drained: () => Promise.resolve(),
    interrupted,
    pause: () => Promise.resolve(),
    env: {},
    readFile: (path) => Promise.resolve(present.get(path) ?? files?.get(path)),
    writeFile: (path, text) => {
      files?.set(path, text);
      return Promise.resolve();
    },
    // Never called: `--local` reads the file.
    buyerTemplate: () => Promise.reject(new Error('the template lies in a file')),
    now,
    newExternalId,
    connect,
    readHealth: readDeploymentHealth,
  });
  return { code, out, err };
}

export interface ScenarioInvitee {
  readonly accountId: string;
  readonly name: string;
  readonly productId: string;
  /** Default: none. */
  readonly otherProductIds?: readonly string[];
  readonly email: string;
}

/** Invites a buyer; returns how the buyer launches its stack. Throws if the command fails. */
export async function inviteByCommand(
  { accountId, name, productId, otherProductIds = [], email }: ScenarioInvitee,
  seat: LocalSession,
): Promise<{ readonly stackName: string; readonly parameters: Readonly<Record<string, string>> }> {
  const argv = [
    'invite',
    '--json',
    '--no-approval',
    accountId,
    '--name',
    name,
    ...[productId, ...otherProductIds].flatMap((id) => ['--product', id]),
    '--email',
    email,
  ];
  const { code, out, err } = await licenseWatcher(argv, seat);
  if (code !== 0) throw new Error(`license-watcher ${argv.join(' ')} ended with ${code}: ${err}`);
  return (JSON.parse(out) as { launch: { stackName: string; parameters: Record<string, string> } })
    .launch;
}
