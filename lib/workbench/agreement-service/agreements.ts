import type { Agreement } from './agreement.ts';

/** All agreements, each as it is now, in the order in which they were made. */
export class Agreements {
  readonly #agreements = new Map<string, Agreement>();

  put(agreement: Agreement): void {
    this.#agreements.set(agreement.id, agreement);
  }

  get(id: string): Agreement | undefined {
    return this.#agreements.get(id);
  }

  all(): Agreement[] {
    return [...this.#agreements.values()];
  }
}
