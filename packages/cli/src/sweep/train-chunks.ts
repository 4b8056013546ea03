// The chunks of a sweep on the engines of this machine, each with a chunk of its own, which is in the
// folder before the next begins.

import {
  chunkRange,
  type RunChunkOptions,
  runChunk,
  type Sweep,
  type SweepSummary,
} from "@convergence-lab/core";
import { EXIT, expectedExit } from "../errors.ts";
import type { EnginePool } from "../runners/engine-pool.ts";
import { locatingProblems } from "../spec-file.ts";
import { note } from "../terminal.ts";
import type { SweepFolder } from "./sweep-folder.ts";
import type { SweepProgress } from "./sweep-progress.ts";

export interface ChunkWork {
  readonly sweep: Sweep;
  readonly chunks: readonly number[];
  readonly given: Pick<RunChunkOptions, "tables" | "weights" | "datasets">;
  readonly folder: SweepFolder;
  readonly summary: SweepSummary;
  readonly progress: SweepProgress;
  /** Aborting ends after the chunks in training. */
  readonly signal: { readonly aborted: boolean };
}

/** As many chunks one after the other that cannot be trained are no accident. */
const MOST_FAILURES = 3;

/**
 * Trains until all are done, the signal says so, or the engines fail again and again; what fails is
 * noted in the folder.
 *
 * @throws ProblemsError for a trial that the spec cannot say, CliError for a folder that cannot be
 *   written.
 */
export async function trainChunks(
  pool: EnginePool,
  { sweep, chunks, given, folder, summary, progress, signal }: ChunkWork,
): Promise<void> {
  const waiting = chunks.values();
  let failures = 0;
  let isStopped = false;

  const train = async (chunk: number, lane: number) => {
    const { first, end } = chunkRange(sweep, chunk);
    const started = performance.now();
    const result = await locatingProblems(undefined, () =>
      pool.use((engine) =>
        runChunk(sweep, chunk, engine, {
          ...given,
          wants: (index) => !folder.isDone(index),
          onProgress: (done) => progress.chunk(lane, done, end - first),
        }),
      ),
    );
    folder.add(chunk, result, Number(((performance.now() - started) / 1000).toFixed(3)));
    for (const record of result.records) summary.add(record);
    progress.finished(lane, result.records.length, result.curves);
    failures = 0;
  };

  const work = async (lane: number) => {
    for (const chunk of waiting) {
      if (isStopped || signal.aborted) return;
      try {
        await train(chunk, lane);
      } catch (error) {
        // A defect of the spec or of ours is no accident of a machine.
        if (expectedExit(error) !== EXIT.adapter) {
          isStopped = true;
          throw error;
        }
        progress.end();
        note(`chunk ${chunk} failed: ${(error as Error).message}`);
        folder.addFailure(chunk, error as Error);
        if (++failures < MOST_FAILURES) continue;
        isStopped = true;
        note(`${failures} chunks in a row failed on ${pool.adapters}; it is left alone.`);
      }
    }
  };

  const lanes = Array.from({ length: pool.size }, (_, lane) => work(lane));
  // Those that go on finish their chunks before anything is thrown.
  for (const ended of await Promise.allSettled(lanes)) {
    if (ended.status === "rejected") throw ended.reason;
  }
}
