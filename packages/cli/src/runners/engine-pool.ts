// Engines that take tasks from whoever has them, one task each at a time. An engine that is lost,
// and that no fresh host could take over from, leaves; its task goes to another.

import type { Engine } from "@convergence-lab/core";
import { adaptersOf } from "./open-engines.ts";
import { isLost } from "./reviving-engine.ts";

export class EnginePool {
  readonly #engines: Engine[];
  readonly #free: Engine[];
  readonly #waiting: ((engine: Engine) => void)[] = [];
  readonly #onLoss: (engine: Engine, error: Error) => void;

  /** @param onLoss Told of every engine that leaves. */
  constructor(engines: readonly Engine[], onLoss: (engine: Engine, error: Error) => void) {
    this.#engines = [...engines];
    this.#free = [...engines];
    this.#onLoss = onLoss;
  }

  /** How many tasks run at a time. */
  get size(): number {
    return this.#engines.length;
  }

  /** What they run on, in a sentence. */
  get adapters(): string {
    return adaptersOf(this.#engines.map(({ info }) => info));
  }

  /** Does something on the engine that is free next. */
  async use<T>(action: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      const engine = this.#free.pop() ?? (await this.#nextFree());
      try {
        const result = await action(engine);
        this.#release(engine);
        return result;
      } catch (error) {
        // The last engine stays: it may be asked again, and then it opens a fresh host or says why not.
        if (!isLost(error) || this.#engines.length === 1) {
          this.#release(engine);
          throw error;
        }
        this.#engines.splice(this.#engines.indexOf(engine), 1);
        this.#onLoss(engine, error);
        await engine.dispose();
      }
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.dispose()));
  }

  #nextFree(): Promise<Engine> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(engine: Engine): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(engine);
    else next(engine);
  }
}
