// The chunks of a sweep through a queue: what is missing goes in, and what others have trained comes
// into the folder.

import { chunkCount, type SweepSummary } from "@convergence-lab/core";
import type { QueuedSweep } from "@convergence-lab/queue";
import type { Interrupt } from "../interrupt.ts";
import { loadQueue } from "../queue/load-queue.ts";
import { packSweep, queueHash, unpackResult } from "../queue/sweep-payload.ts";
import { note } from "../terminal.ts";
import type { GivenShard } from "./shard-option.ts";
import type { OpenOptions, SweepFolder } from "./sweep-folder.ts";
import type { SweepProgress } from "./sweep-progress.ts";
import type { SweepSource } from "./sweep-source.ts";

export interface SweepWork {
  readonly source: SweepSource;
  readonly shard: GivenShard | undefined;
  readonly folder: SweepFolder;
  readonly summary: SweepSummary;
}

export interface FromQueueOptions extends OpenOptions {
  readonly queue: string;
  readonly quiet: boolean;
}

/** Returns when every chunk is in the folder or has failed, or when it is interrupted. */
export async function fromQueue(
  { source, folder, summary }: SweepWork,
  progress: SweepProgress,
  { signal }: Interrupt,
  options: FromQueueOptions,
): Promise<void> {
  const { sweep } = source;
  const { SweepQueue } = await loadQueue();
  const queue = await SweepQueue.open(options.queue);
  const queued: QueuedSweep = {
    hash: queueHash(sweep),
    name: sweep.name,
    chunks: chunkCount(sweep),
    payload: packSweep(source),
  };
  const chunks = Array.from({ length: queued.chunks }, (_, chunk) => chunk);
  const left = () => chunks.filter((chunk) => !folder.isComplete(chunk));
  try {
    if (queue.warning !== undefined) note(queue.warning);
    if (options.fresh || options.retry === "all") await queue.forget(queued);
    const merged = new Set(chunks.filter((chunk) => folder.isComplete(chunk)));
    await queue.add(queued, merged);
    // Not before the sweep lies there as it is now, which a worker that waits reads at once.
    if (options.retry === "failed") await queue.retryFailed(queued.hash);
    if (!options.quiet) {
      note(`Following ${queue.address}; Ctrl-C stops following, and nothing else.`);
      const { workers } = await queue.status();
      if (workers.every((worker) => worker.left !== null)) {
        note(`No worker is there; clab worker --queue ${queue.address} starts one.`);
      }
    }
    folder.writeEnvironment({ version: 1, queue: queue.address });
    progress.start(queue.address);
    for await (const { chunk, text } of queue.results(queued, merged, { signal })) {
      const { seconds, ...result } = unpackResult(text);
      const fresh = result.records.filter(({ index }) => !folder.isDone(index));
      folder.add(chunk, result, seconds);
      for (const record of fresh) summary.add(record);
      progress.finished(0, fresh.length, result.curves);
    }
    progress.end();
    if (left().length === 0) await queue.release(queued);
    if (signal.aborted) return;
    const reasons = await queue.reasons(queued.hash);
    for (const chunk of left()) folder.addFailure(chunk, new Error(reasons.join(" ")));
    for (const reason of reasons) note(`failed: ${reason}`);
  } finally {
    progress.end();
    await queue.close();
  }
}
