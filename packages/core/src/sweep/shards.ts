// Shards: every n-th chunk, so that those that come first are spread over all machines, and each has
// as many of the dear ones as of the cheap.

import type { Sweep } from "./sweep.ts";
import { chunkCount, chunkRange } from "./trials.ts";

export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** Ascending. */
export function* chunksOfShard(sweep: Sweep, shard: Shard): Generator<number, void> {
  const chunks = chunkCount(sweep);
  for (let chunk = shard.index; chunk < chunks; chunk += shard.count) yield chunk;
}

export function trialsOfShard(sweep: Sweep, shard: Shard): number {
  let trials = 0;
  for (const chunk of chunksOfShard(sweep, shard)) {
    const { first, end } = chunkRange(sweep, chunk);
    trials += end - first;
  }
  return trials;
}
