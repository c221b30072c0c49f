/** Words that recur stand once; everything else names them by their index. The empty one is 0. */
export class WordTable {
  readonly #indexes = new Map<string, number>([['', 0]]);

  indexOf(words: string): number {
    const known = this.#indexes.get(words);
    if (known !== undefined) return known;
    const index = this.#indexes.size;
    this.#indexes.set(words, index);
    return index;
  }

  get words(): readonly string[] {
    return [...this.#indexes.keys()];
  }
}
