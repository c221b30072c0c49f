import { createHash } from 'node:crypto';

/** Makes IDs that are the same in every run, and never the same twice. Each kind has its own count. */
export class Ids {
  readonly #counts = new Map<string, number>();

  /** `agmt-` and 25 letters and digits, as AWS's are. */
  agreement(): string {
    return `agmt-${this.#letters('agreement', 25)}`;
  }

  offer(): string {
    return `offer-${this.#letters('offer', 13)}`;
  }

  cancellationRequest(): string {
    return `acr-${this.#letters('cancellation request', 13)}`;
  }

  request(): string {
    const hex = this.#digest('request').toString('hex');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  }

  #letters(kind: string, length: number): string {
    const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
    return [...this.#digest(kind)]
      .slice(0, length)
      .map((byte) => digits[byte % 36])
      .join('');
  }

  #digest(kind: string): Buffer {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return createHash('sha256').update(`${kind} ${count}`).digest();
  }
}
