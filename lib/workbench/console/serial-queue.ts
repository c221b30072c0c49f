/** One at a time, in the order of asking: the clock of the local cloud never goes back, and two who advance it would make it. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  get busy(): boolean {
    return this.#length > 0;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    this.#length += 1;
    const turn = this.#last.then(work).finally(() => (this.#length -= 1));
    // Whoever comes next waits for the end, not for the success.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
