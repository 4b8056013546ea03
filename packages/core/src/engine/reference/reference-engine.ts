// The engine in plain TypeScript: what every kernel is compared with, and what runs where nothing
// faster does. One run after the other, on the thread that calls it.

import type { EngineInfo } from "../../trace/engine-info.ts";
import type { Engine } from "../engine.ts";
import { type PauseRule, pauseAfter, trainOneByOne } from "../train-one-by-one.ts";
import { replaySteps } from "./replay.ts";
import type { Precision } from "./tensor.ts";
import { referenceRun } from "./train-run.ts";

export interface ReferenceEngineOptions {
  readonly precision?: Precision;
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  /** What the platform is, as the caller knows it. */
  readonly versions?: EngineInfo["versions"];
  /**
   * Absent: a pause after so much work as takes about 50 ms. Who has a clock pauses by it, since small
   * networks spend their time on other things than multiplications.
   */
  readonly isTimeToPause?: PauseRule | undefined;
}

export function createReferenceEngine(options: ReferenceEngineOptions): Engine {
  const { precision = "float32", reason, versions = {}, isTimeToPause } = options;
  return {
    info: { name: "cpu", adapter: `plain TypeScript, ${precision}`, reason, versions },
    train: (plan, datasets, { signal } = {}) =>
      trainOneByOne(plan, datasets, {
        start: (bucket, run, dataset) => referenceRun(bucket, run, dataset, precision),
        isTimeToPause: isTimeToPause ?? pauseAfter(WORK_BETWEEN_PAUSES),
        signal,
      }),
    replay: async (recording) => replaySteps(recording, precision),
    dispose: async () => {},
  };
}

/**
 * Multiplications between two pauses: about 50 ms on a core that does 1e9 a second, as this engine
 * did on the two-core machine it was written on (bench/reference-engine.bench.ts).
 */
const WORK_BETWEEN_PAUSES = 5e7;
