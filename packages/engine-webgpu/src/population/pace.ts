// How many batches one dispatch goes on by: as many as take the wanted time, found out by doing.
//
// Drivers end a process whose dispatch takes too long (Windows after about 2 s), so the first
// dispatch is one batch, each later one at most four times its predecessor, and a dispatch of 20 to
// 50 ms leaves a page its frames. Batches differ in cost, a test batch takes a third of a training
// batch, so a dispatch may take three times what was measured: still far below a watchdog.

/** Growth from one dispatch to the next. */
const LARGEST_GROWTH = 4;

export class Pace {
  readonly #wantedMs: number;
  #batches = 1;

  constructor(wantedMs: number) {
    this.#wantedMs = wantedMs;
  }

  /** Batches of the next dispatch. */
  get batches(): number {
    return this.#batches;
  }

  /** Takes note of a dispatch of `batches` that kept the device busy for `ms`. */
  observe(batches: number, ms: number): void {
    const wanted = Math.floor((batches * this.#wantedMs) / Math.max(ms, 0.01));
    this.#batches = Math.max(1, Math.min(wanted, LARGEST_GROWTH * batches));
  }
}
