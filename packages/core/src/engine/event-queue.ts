// Turns pushed values into values that a `for await` pulls, in the order in which they were pushed. Who
// pushes can wait for whoever pulls.

export class EventQueue<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  /** Pushed and not yet asked to go on from. */
  #waiting = 0;
  #ended = false;
  #error: unknown;
  #wake: () => void = () => {};
  readonly #makeRoom: (() => void)[] = [];

  push(value: T): void {
    this.#values.push(value);
    this.#waiting++;
    this.#wake();
  }

  /** Resolves once fewer than `most` values wait, or nobody pulls them any more. */
  async room(most: number): Promise<void> {
    while (this.#waiting >= most && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#makeRoom.push(resolve);
      });
    }
  }

  /** No more values will come; those that wait are still delivered. */
  end(): void {
    this.#ended = true;
    this.#wake();
    this.#release();
  }

  /** Delivers what waits, then throws. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      for (const value of this.#values.splice(0)) {
        yield value;
        this.#waiting--;
        this.#release();
      }
      if (this.#values.length > 0) continue;
      if (this.#ended) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }

  #release(): void {
    for (const resolve of this.#makeRoom.splice(0)) resolve();
  }
}
