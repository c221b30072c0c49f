export interface LogLine {
  /** Epoch milliseconds of the cloud's time. */
  readonly at: number;
  readonly logStream: string;
  readonly text: string;
}

const LINES_KEPT = 5000;

/** The last lines of each log group. Retention is not by age but by number: nothing here outlives the process. */
export class LogRing {
  readonly #groups = new Map<string, LogLine[]>();

  append(logGroup: string, line: LogLine): void {
    const lines = this.#groups.get(logGroup) ?? [];
    this.#groups.set(logGroup, lines);
    lines.push(line);
    if (lines.length > 2 * LINES_KEPT) lines.splice(0, lines.length - LINES_KEPT);
  }

  lines(logGroup: string): readonly LogLine[] {
    return (this.#groups.get(logGroup) ?? []).slice(-LINES_KEPT);
  }

  groups(): string[] {
    return [...this.#groups.keys()];
  }
}
