// The cpu engine of a page: one worker per core, each with an engine of its own. They are workers of
// the lab's worker and end with it; where none may be started there is one engine on this thread.

import { connectEngine, createPoolEngine, type Engine, type Plan } from "@convergence-lab/core";
import { startCpuWorker } from "../start-cpu-worker.ts";
import { openCpu } from "./open-cpu.ts";

export class CpuPool {
  readonly #cores: number;
  readonly #start: () => Promise<Worker | undefined>;
  /** Kept for the next training; undefined where none may be started. */
  readonly #workers: Promise<Engine | undefined>[] = [];

  constructor(
    cores = globalThis.navigator?.hardwareConcurrency ?? 1,
    start: () => Promise<Worker | undefined> = startCpuWorker,
  ) {
    this.#cores = cores;
    this.#start = start;
  }

  /** As many workers as the plan has runs for. */
  async engineFor(plan: Plan, reason: string): Promise<Engine> {
    const size = Math.min(this.#cores, plan.runs.length);
    if (size < 2) return openCpu(reason);
    while (this.#workers.length < size) this.#workers.push(this.#connect());
    const workers = (await Promise.all(this.#workers.slice(0, size))).filter(
      (worker) => worker !== undefined,
    );
    if (workers.length < size) return openCpu(reason);
    const { info } = workers[0];
    return createPoolEngine(workers, {
      ...info,
      reason: reason + info.reason,
      adapter: `${info.adapter}, ${size} workers`,
      // Whichever worker trains a network.
      arithmetic: info.adapter,
    });
  }

  async #connect(): Promise<Engine | undefined> {
    const worker = await this.#start();
    if (worker === undefined) return undefined;
    return connectEngine({
      post: (message) => worker.postMessage(message),
      onMessage: (handler) => worker.addEventListener("message", ({ data }) => handler(data)),
      onClose: (handler) => worker.addEventListener("error", handler),
    });
  }
}
