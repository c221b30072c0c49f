import { DAY, instant, MINUTE, plus } from '../../domain/time.ts';
import { readReport, type ReportSources } from '../../seller/report/read-report.ts';
import type { ReportModel } from '../../seller/report/model-shape.ts';

const HISTORY = 730 * DAY;
/** Days left go down by themselves, too. */
const STALE = 15 * MINUTE;
const READS = /^dynamodb:(Get|BatchGet|Query|Scan|Describe|List)/;

/** The report of now; read anew when the tables were written to. */
export class LiveReport {
  readonly #sources: ReportSources;
  readonly #now: () => number;
  readonly #calls: () => ReadonlyMap<string, number>;
  #kept: { readonly key: string; readonly model: Promise<ReportModel> } | undefined;

  constructor(sources: ReportSources, now: () => number, calls: () => ReadonlyMap<string, number>) {
    this.#sources = sources;
    this.#now = now;
    this.#calls = calls;
  }

  get key(): string {
    const writes = [...this.#calls()].filter(
      ([call]) => call.startsWith('dynamodb:') && !READS.test(call),
    );
    return `${writes.reduce((sum, [, count]) => sum + count, 0)}-${Math.floor(this.#now() / STALE)}`;
  }

  model(): Promise<ReportModel> {
    const { key } = this;
    if (this.#kept?.key !== key) {
      const now = instant(this.#now());
      const model = readReport(this.#sources, { now, since: plus(now, -HISTORY) });
      this.#kept = { key, model };
      // One that could not be read is not kept; who requested it is told why.
      model.catch(() => {
        if (this.#kept?.model === model) this.#kept = undefined;
      });
    }
    return this.#kept.model;
  }
}
