// Chunk after chunk on one engine, each into the folder before the next begins.

import {
  chunkRange,
  type Engine,
  type RunChunkOptions,
  runChunk,
  type Sweep,
  type SweepSummary,
} from "@convergence-lab/core";
import { EXIT, expectedExit } from "../errors.ts";
import { locatingProblems } from "../spec-file.ts";
import { note } from "../terminal.ts";
import type { SweepFolder } from "./sweep-folder.ts";
import type { SweepProgress } from "./sweep-progress.ts";

export interface ChunkWork {
  readonly sweep: Sweep;
  readonly chunks: Iterable<number>;
  readonly given: Pick<RunChunkOptions, "tables" | "weights" | "datasets">;
  readonly folder: SweepFolder;
  readonly summary: SweepSummary;
  readonly progress: SweepProgress;
  /** Aborting ends after the chunk in training. */
  readonly signal: { readonly aborted: boolean };
}

/** As many chunks one after the other that cannot be trained are no accident. */
const MOST_FAILURES = 3;

/**
 * Trains until all are done, the signal says so, or the engine fails again and again; what fails is
 * noted in the folder.
 *
 * @throws ProblemsError for a trial that the spec cannot say, CliError for a folder that cannot be
 *   written.
 */
export async function trainChunks(
  engine: Engine,
  { sweep, chunks, given, folder, summary, progress, signal }: ChunkWork,
): Promise<void> {
  let failures = 0;
  for (const chunk of chunks) {
    const { first, end } = chunkRange(sweep, chunk);
    const started = performance.now();
    try {
      const result = await locatingProblems(undefined, () =>
        runChunk(sweep, chunk, engine, {
          ...given,
          wants: (index) => !folder.isDone(index),
          onProgress: (done) => progress.chunk(done, end - first),
        }),
      );
      folder.add(chunk, result, Number(((performance.now() - started) / 1000).toFixed(3)));
      for (const record of result.records) summary.add(record);
      progress.finished(result.records.length);
      failures = 0;
    } catch (error) {
      // A defect of the spec or of ours is no accident of a machine.
      if (expectedExit(error) !== EXIT.adapter) throw error;
      progress.end();
      note(`chunk ${chunk} failed: ${(error as Error).message}`);
      folder.addFailure(chunk, error as Error);
      if (++failures === MOST_FAILURES) {
        note(`${failures} chunks in a row failed on ${engine.info.adapter}; it is left alone.`);
        return;
      }
    }
    if (signal.aborted) return;
  }
}
