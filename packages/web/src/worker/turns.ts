// Who may use the engine next. Every session of a page trains on one device, one report at a time in
// turn, and a session that nobody looks at waits.

import type { Engine } from "@convergence-lab/core";

/** First come, first served. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  async take<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let end = () => {};
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      end();
    }
  }
}

/** Holds up who waits for it while it is closed. */
export class Gate {
  #opened: Promise<void> | undefined;
  #open = () => {};

  close(): void {
    this.#opened ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
    this.#opened = undefined;
  }

  async pass(): Promise<void> {
    while (this.#opened !== undefined) await this.#opened;
  }
}

/** The engine, whose trainings go on in turn with others and stand still while the gate is closed. */
export function inTurn(engine: Engine, turns: Turns, gate: Gate): Engine {
  return {
    info: engine.info,
    prepare: (plan) => turns.take(async () => (await engine.prepare?.(plan)) ?? engine.info),
    replay: (recording) => turns.take(() => engine.replay(recording)),
    dispose: async () => {},
    async *train(plan, datasets, options) {
      const events = engine.train(plan, datasets, options)[Symbol.asyncIterator]();
      try {
        for (;;) {
          await gate.pass();
          const next = await turns.take(() => events.next());
          if (next.done) return;
          yield next.value;
        }
      } finally {
        await turns.take(async () => events.return?.());
      }
    },
  };
}
