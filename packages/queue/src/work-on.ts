// The side that works: takes chunks, trains them, and puts their lines beside the queue.
//
// A worker that dies loses its lock, and the chunk goes back to the queue. One that fails three
// times in a row leaves by itself: its machine is broken, and would use up the attempts of chunks
// that others can train.

import { hostname } from "node:os";
import { gzipSync } from "node:zlib";
import { type Job, UnrecoverableError, Worker } from "bullmq";
import { connect } from "./connect.ts";
import { CHUNKS, PREFIX, resultsKey } from "./keys.ts";
import { Payloads, SweepGone } from "./payloads.ts";
import { Presence } from "./presence.ts";
import type { ChunkJob } from "./sweep-queue.ts";
import { untilEmpty } from "./until-empty.ts";

export interface WorkOptions {
  /** The name of the engine and of its adapter, for who asks for the status. */
  readonly engine: string;
  readonly adapter: string;
  /** Chunks at a time. */
  readonly concurrency: number;
  /** How long this worker may be silent before its chunk is given to another. */
  readonly lockSeconds: number;
  /** Whether it ends when the queue is empty; else it waits for more. */
  readonly untilEmpty: boolean;
  /** Stops after the chunks that are being trained. */
  readonly signal: AbortSignal;
  /** The result of a chunk. */
  train(sweep: { readonly hash: string; readonly payload: string }, chunk: number): Promise<string>;
  /** Whether the chunk would fail on any machine: then it is not tried again. */
  readonly isFinal?: (error: unknown) => boolean;
  readonly onDone?: (name: string, chunk: number) => void;
  readonly onFailure?: (name: string, chunk: number, error: Error) => void;
}

/** Why a worker ended. */
export interface WorkEnd {
  readonly why: "stopped" | "empty" | "failures";
  /** Chunks. */
  readonly done: number;
  /** The last failure, when those were why. */
  readonly error?: Error;
}

/** As Keras Tuner's max_consecutive_failed_trials. */
const MAX_FAILURES_IN_A_ROW = 3;

/**
 * How often a chunk may lose its worker. Not about the chunk: machines that are taken away while
 * they work, such as spot instances, do that often. One that brings down every worker ends here.
 */
const MAX_STALLS = 10;

/** Works until it is stopped, or until there is a reason to end. @throws QueueError */
export async function workOn(url: string, options: WorkOptions): Promise<WorkEnd> {
  const { address, options: connection, redis } = await connect(url);
  const payloads = new Payloads(redis);
  const presence = new Presence(redis, options);
  let failuresInARow = 0;

  const work = async ({ data: { sweep: hash, chunk }, name }: Job<ChunkJob>) => {
    try {
      const payload = await payloads.of(hash);
      const result = await options.train({ hash, payload }, chunk);
      await redis.hset(resultsKey(hash), String(chunk), gzipSync(result));
      presence.done++;
      failuresInARow = 0;
      options.onDone?.(name, chunk);
    } catch (thrown) {
      const error = thrown as Error;
      options.onFailure?.(name, chunk, error);
      if (error instanceof SweepGone || options.isFinal?.(error)) {
        throw new UnrecoverableError(error.message);
      }
      presence.failed++;
      if (++failuresInARow >= MAX_FAILURES_IN_A_ROW) end({ why: "failures", error });
      throw new Error(`${error.message} (${options.adapter} on ${hostname()})`);
    }
  };

  const lockDuration = options.lockSeconds * 1_000;
  const worker = new Worker<ChunkJob>(CHUNKS, work, {
    connection,
    prefix: PREFIX,
    concurrency: options.concurrency,
    lockDuration,
    stalledInterval: lockDuration / 2,
    maxStalledCount: MAX_STALLS,
    drainDelay: 1,
  });
  // Such as a connection that is away for a while: it comes back by itself.
  worker.on("error", () => {});

  let tellEnd: (end: Omit<WorkEnd, "done">) => void = () => {};
  const ended = new Promise<Omit<WorkEnd, "done">>((resolve) => {
    tellEnd = resolve;
  });
  const end = (why: Omit<WorkEnd, "done">) => {
    tellEnd(why);
    // At once, so that no further chunk is taken; what is being trained is finished.
    void worker.close();
  };
  const stop = () => end({ why: "stopped" });
  options.signal.addEventListener("abort", stop);
  if (options.signal.aborted) stop();
  const watch = options.untilEmpty
    ? untilEmpty(connection, () => end({ why: "empty" }))
    : undefined;

  const why = await ended;
  options.signal.removeEventListener("abort", stop);
  await watch?.stop();
  await worker.close();
  await presence.leave(why.error && address.withoutSecrets(why.error.message));
  redis.disconnect();
  return { ...why, done: presence.done };
}
