// The cpu engine: one worker thread per core, each with an engine of its own.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import {
  connectEngine,
  createPoolEngine,
  type Engine,
  type EngineInfo,
  type Port,
} from "@convergence-lab/core";
import { versionHere } from "./runner.ts";

const WORKER = new URL("../hosts/cpu-worker.js", import.meta.url);

export interface CpuEngineOptions {
  readonly precision: "float32" | "float64";
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  readonly versions: EngineInfo["versions"];
}

export async function createCpuPool(
  options: Pick<CpuEngineOptions, "precision" | "reason">,
  size = availableParallelism(),
): Promise<Engine> {
  const threads = Array.from({ length: size }, () => new Worker(WORKER));
  const versions = versionHere();
  const workers = await Promise.all(
    threads.map((thread) => connectEngine(portOf(thread), { ...options, versions })),
  );
  const { info } = workers[0];
  const pool = createPoolEngine(workers, {
    ...info,
    adapter: `${info.adapter}, ${size === 1 ? "1 worker" : `${size} workers`}`,
    // Whichever worker trains a network.
    arithmetic: info.adapter,
  });
  return {
    ...pool,
    // The workers hold nothing but memory.
    async dispose() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function portOf(thread: Worker): Port {
  return {
    post: (message) => thread.postMessage(message),
    onMessage: (handler) => thread.on("message", handler),
    onClose: (handler) => thread.on("exit", handler),
  };
}
