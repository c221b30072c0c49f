import type { Io } from '../../io.ts';

/** Written at once, in characters: what a pipe takes in one go. */
const CHUNK = 64 * 1024;

/** Where both go to a terminal, lines would stand behind the words on how far it is. */
const CLEAR = '\r\u001b[K';

/** Milliseconds between two words on how far it is. */
const OFTEN_ENOUGH = 200;

/**
 * Writes text that comes in whole lines, no faster than it is taken, and ends with whole lines, whatever ends it. `done`: how
 * far it is, in words.
 */
export async function writeLines(
  lines: AsyncIterable<string>,
  done: () => string,
  io: Io,
): Promise<void> {
  let chunk = '';
  let told = io.now();
  try {
    for await (const line of lines) {
      if (io.interrupted.aborted) return;
      chunk += line;
      if (chunk.length < CHUNK) continue;
      await flush();
      advance();
    }
  } finally {
    await flush();
    if (io.progress) io.stderr(CLEAR);
  }

  async function flush(): Promise<void> {
    if (chunk === '') return;
    if (io.progress) io.stderr(CLEAR);
    io.stdout(chunk);
    chunk = '';
    await io.drained();
  }

  function advance(): void {
    if (!io.progress || io.now() - told < OFTEN_ENOUGH) return;
    told = io.now();
    io.stderr(`\r${done()}\u001b[K`);
  }
}
