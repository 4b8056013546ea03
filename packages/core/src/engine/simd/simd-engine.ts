// The engine of machines without a GPU: the reference's training on WebAssembly SIMD, more than 15
// times as fast (bench/simd-engine.bench.ts). One run after the other, on the thread that calls it.
//
// It computes every word of a plan: what is no kernel is a line of TypeScript, and a word that is
// neither does not compile. Where WebAssembly is missing or forbidden, the reference engine works.

import type { EngineInfo } from "../../trace/engine-info.ts";
import type { Engine } from "../engine.ts";
import { createReferenceEngine } from "../reference/reference-engine.ts";
import { type PauseRule, pauseAfter, trainOneByOne } from "../train-one-by-one.ts";
import { borrowKernels, returnKernels } from "./kernels.ts";
import { replaySteps } from "./replay.ts";
import { simdRun } from "./train-run.ts";

export interface SimdEngineOptions {
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

/** The SIMD engine, or the reference engine with the obstacle added to its reason. */
export function createSimdEngine({
  reason,
  versions = {},
  isTimeToPause,
}: SimdEngineOptions): Engine {
  const obstacle = simdObstacle();
  if (obstacle !== null) {
    return createReferenceEngine({ reason: `${reason} ${obstacle}.`, versions, isTimeToPause });
  }
  return {
    info: { name: "cpu", adapter: "WebAssembly SIMD, float32", reason, versions },
    train: (plan, datasets, { signal } = {}) =>
      trainOneByOne(plan, datasets, {
        start: simdRun,
        isTimeToPause: isTimeToPause ?? pauseAfter(WORK_BETWEEN_PAUSES),
        signal,
      }),
    replay: async (recording) => replaySteps(recording),
    dispose: async () => {},
  };
}

/** Why the kernels cannot run here; null when they can. */
export function simdObstacle(): string | null {
  try {
    returnKernels(borrowKernels());
    return null;
  } catch (error) {
    return `WebAssembly does not start here: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * Multiplications between two pauses: about 50 ms on a core that does 1.6e10 a second, as this
 * engine did on the two-core machine it was written on (bench/simd-engine.bench.ts).
 */
const WORK_BETWEEN_PAUSES = 8e8;
