import { visible } from '../../../domain/outside-text.ts';
import { CommandFailure } from './failure.ts';
import { columnsOf, WIDTH } from './text.ts';

const HANGING = '  ';

/** Words for wrapping. A quoted command of ours or of npm is one word, so that it can be copied from one line. */
const WORDS = /"(?:license-watcher|npx|npm) [^"\s]+(?: [^"\s]+)*"\S*|\S+/g;

/** A command's failure in lines of at most 80 columns. The message's own line breaks stay. */
export function errorText(message: string): string {
  return `license-watcher: ${visible(message)}`.split('\n').flatMap(hung).join('\n');
}

/** Wraps a line, and indents all but the first. A word that is longer than a line stands alone. */
function hung(text: string): readonly string[] {
  if (columnsOf(text) <= WIDTH) return [text];
  const [margin = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(WORDS) ?? []) {
    if (line !== '' && columnsOf(`${line} ${word}`) > WIDTH) {
      lines.push(line);
      line = `${margin}${HANGING}${word}`;
    } else line = line === '' ? `${margin}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What a person can do about errors of AWS, of the network, or of their credentials. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^CredentialsProviderError|^TokenProviderError/,
    'no usable AWS credentials: log in, or name a profile with --profile',
  ],
  [/^ExpiredToken/, 'your AWS session has expired: log in again'],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignatureException)/,
    'AWS does not accept these credentials: check --profile and the clock of this machine',
  ],
  [
    /^(AccessDenied|AuthorizationError)/,
    'these credentials may not do that: use a role of the seller’s account that may',
  ],
  [
    /^(ResourceNotFoundException|QueueDoesNotExist|NotFoundException|NoSuchBucket)/,
    'a part of the watcher is gone: check --deployment and --region, or deploy it again',
  ],
  [
    /^(EISDIR|ENOTDIR|EACCES|EPERM|EROFS|ENOSPC)$/,
    'a file cannot be read or written: check its path, its permissions and the free space',
  ],
  // For a connection error that a command quotes in its own message. `connect/connection-errors.ts` explains one that ends a command.
  [
    /^(ECONN|ENOTFOUND|EAI_AGAIN|TimeoutError|ETIMEDOUT|EPIPE|UND_ERR_)/,
    'there was no connection, or it broke',
  ],
  [
    /^(Throttling|RequestLimitExceeded|TooManyRequests)/,
    'AWS is throttling: try again in a minute',
  ],
];

/** An error as the last line of a command, with the exit code. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CommandFailure) return { message: error.message, exitCode: error.exitCode };
  const chain = causes(error);
  for (const each of chain) {
    const advice = ADVICE.find(
      ([pattern]) => pattern.test(each.name) || pattern.test(codeOf(each)),
    );
    if (advice !== undefined)
      return { message: `${advice[1]} (${each.name}: ${each.message})`, exitCode: 1 };
  }
  const said = chain.map(({ name, message }) => `${name}: ${message}`).join('; because of ');
  return { message: said === '' ? String(error) : said, exitCode: 1 };
}

function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  return chain;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
