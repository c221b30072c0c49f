import { execFile } from 'node:child_process';
import { CommandFailure } from '../output/failure.ts';

/** Makes the buyer template as `npm run buyer-template` does, in a process of its own, because the command line loads no CDK. */
export function makeBuyerTemplate(root: string, signal: AbortSignal): Promise<string> {
  const argv = ['bin/app.ts', '--buyer-template'];
  return new Promise((resolve, reject) => {
    // The Node.js that runs this process can run TypeScript.
    execFile(
      process.execPath,
      argv,
      { cwd: root, signal, maxBuffer: 8 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(failure(error, stderr));
      },
    );
  });
}

function failure(error: Error, stderr: string): CommandFailure {
  const said = stderr.trim() === '' ? error.message : stderr.trim();
  return new CommandFailure(`the buyer template cannot be made, so nothing was done:\n${said}`, 1, {
    cause: error,
  });
}
