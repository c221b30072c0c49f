import type { Agreement } from './agreement.ts';
import type { Switches } from './switches.ts';

/** How far the index of SearchAgreements is behind, by the switch. */
const INDEX_LAG_MS = 600_000;

/** All agreements, each with its earlier versions. */
export class Agreements {
  readonly #versions = new Map<string, Agreement[]>();

  put(agreement: Agreement): Agreement {
    const versions = this.#versions.get(agreement.id) ?? [];
    this.#versions.set(agreement.id, [...versions, agreement]);
    return agreement;
  }

  get(id: string): Agreement | undefined {
    return this.#versions.get(id)?.at(-1);
  }

  /** The agreements as they are now. */
  all(): Agreement[] {
    return [...this.#versions.values()].flatMap((versions) => versions.slice(-1));
  }

  /** The agreements as the index of SearchAgreements shows them. */
  indexed(now: number, { searchIndex }: Switches): Agreement[] {
    if (searchIndex === 'at-once') return this.all();
    return [...this.#versions.values()].flatMap((versions) => {
      const shown = versions.findLast((each) => each.lastUpdateTime <= now - INDEX_LAG_MS);
      return shown === undefined ? [] : [shown];
    });
  }
}
