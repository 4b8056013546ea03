// What lies in a queue: a sweep with the tables and weights that it names, because a worker reads no
// file, and the results of its chunks.

import {
  type ChunkResult,
  decodeMessage,
  encodeMessage,
  type ModelWeights,
  type Sweep,
  sweepHash,
  type Table,
} from "@convergence-lab/core";

export interface SweepInput {
  readonly sweep: Sweep;
  readonly tables: ReadonlyMap<string, Table>;
  readonly weights: ReadonlyMap<string, ModelWeights>;
}

/** What a sweep is called in a queue: the beginning of core's `chunkId`. */
export function queueHash(sweep: Sweep): string {
  return sweepHash(sweep).slice(0, 16);
}

export function packSweep({ sweep, tables, weights }: SweepInput): string {
  return encodeMessage({ sweep, tables: [...tables], weights: [...weights] });
}

/** @throws Error for a text that holds another sweep, as a program of another version would see it. */
export function unpackSweep(text: string, hash: string): SweepInput {
  const { sweep, tables, weights } = decodeMessage(text) as {
    readonly sweep: Sweep;
    readonly tables: readonly [string, Table][];
    readonly weights: readonly [string, ModelWeights][];
  };
  if (sweep === undefined || queueHash(sweep) !== hash) {
    throw new Error("it was queued by another version of clab; take the same on all machines.");
  }
  return { sweep, tables: new Map(tables), weights: new Map(weights) };
}

export interface QueuedResult extends ChunkResult {
  /** That the chunk was in training. */
  readonly seconds: number;
}

export function packResult(result: QueuedResult): string {
  return JSON.stringify(result);
}

/** A worker of an earlier version tells no curves; its trials stand without. */
export function unpackResult(text: string): QueuedResult {
  return { curves: [], ...(JSON.parse(text) as Omit<QueuedResult, "curves">) };
}
