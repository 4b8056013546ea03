// Times operations against each other: in rounds in which each has its turn, so that whatever else
// the machine does meets all alike, and in blocks long enough for a clock.

import { GpuError } from "../errors.ts";

export interface Contender {
  /** Does the operation so many times; resolves when the device is done. */
  run(repetitions: number): Promise<unknown>;
}

/** Seconds of one operation. */
export interface Timing {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** Operations in one timed block. */
  readonly repetitions: number;
}

/**
 * Wanted time of a block. Waiting for the device costs about 0.1 ms and Windows ends what keeps a
 * GPU busy for 2 s, so blocks end between 50 and 300 ms; only an operation that takes longer by
 * itself makes a longer one.
 */
const BLOCK_MS = { least: 50, wanted: 120 };

/** Growth of a block while its length is found; more could jump over the limit. */
const LARGEST_GROWTH = 8;

/** @throws GpuError when a contender's device fails */
export async function takeTurns(
  contenders: readonly Contender[],
  rounds: number,
): Promise<Timing[]> {
  const blocks: number[] = [];
  for (const contender of contenders) blocks.push(await findRepetitions(contender));
  const seconds: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      seconds[i].push((await milliseconds(contender, blocks[i])) / 1000 / blocks[i]);
    }
  }
  return seconds.map((values, i): Timing => {
    const sorted = values.toSorted((a, b) => a - b);
    return {
      median: (sorted[(rounds - 1) >> 1] + sorted[rounds >> 1]) / 2,
      fastest: sorted[0],
      slowest: sorted[rounds - 1],
      repetitions: blocks[i],
    };
  });
}

/** The first run is not looked at: it may compile. */
async function findRepetitions(contender: Contender): Promise<number> {
  await contender.run(1);
  for (let repetitions = 1; ; ) {
    let ms = await milliseconds(contender, repetitions);
    // Once more, because something else may have had the machine.
    if (ms >= BLOCK_MS.least) ms = Math.min(ms, await milliseconds(contender, repetitions));
    if (ms >= BLOCK_MS.least) return repetitions;
    const wanted = Math.ceil((repetitions * BLOCK_MS.wanted) / Math.max(ms, 0.01));
    repetitions = Math.min(wanted, repetitions * LARGEST_GROWTH);
  }
}

async function milliseconds(contender: Contender, repetitions: number): Promise<number> {
  const start = performance.now();
  await contender.run(repetitions);
  return performance.now() - start;
}

/** The sentence of an error that concerns one kernel; others are thrown on. */
export function obstacleOf(error: unknown): string {
  const concernsOne: readonly string[] = [
    "GPU_PIPELINE_FAILED",
    "GPU_TOO_LARGE",
    "GPU_OUT_OF_MEMORY",
    "GPU_UNSUPPORTED_NETWORK",
  ] satisfies readonly GpuError["code"][];
  if (error instanceof GpuError && concernsOne.includes(error.code)) return error.message;
  throw error;
}
