// The side that has sweeps: puts their chunks into the queue and takes the results out.
//
// A chunk is done when its result lies in the hash of results. Jobs come after that: a worker that
// dies between the two does its chunk again, and writes the same bytes over the same place.

import { setTimeout } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { Job, type JobType, Queue } from "bullmq";
import { type Connections, connect } from "./connect.ts";
import {
  CHUNKS,
  chunkOfJob,
  jobId,
  PREFIX,
  resultsKey,
  SWEEPS_KEY,
  sweepKey,
  WORKERS_PATTERN,
} from "./keys.ts";
import type { ListedSweep, ListedWorker, QueueStatus, SweepCounts } from "./status.ts";

export interface QueuedSweep {
  readonly hash: string;
  readonly name: string;
  /** How many. */
  readonly chunks: number;
  /** All that a worker needs to train a chunk of it. */
  readonly payload: string;
}

export interface ChunkText {
  readonly chunk: number;
  /** As the worker gave it. */
  readonly text: string;
}

/** A device that was lost may be back after the first; a machine that is broken is not. */
const ATTEMPTS = { attempts: 3, backoff: { type: "exponential", delay: 1_000 } } as const;

const ADDED_AT_ONCE = 1_000;
const READ_AT_ONCE = 64;
const POLL_MS = 500;

/** Another follower of the same sweep may still want the results that one has merged. */
const KEPT_AFTER_MERGE_S = 24 * 60 * 60;

const REASONS_SHOWN = 3;

const UNFINISHED: JobType[] = ["active", "waiting", "delayed", "prioritized"];

export class SweepQueue {
  readonly #connections: Connections;
  readonly #queue: Queue<ChunkJob>;

  private constructor(connections: Connections) {
    this.#connections = connections;
    this.#queue = new Queue(CHUNKS, {
      connection: connections.options,
      prefix: PREFIX,
      // Nobody reads the events: who follows looks at the results.
      streams: { events: { maxLen: 100 } },
    });
    this.#queue.on("error", () => {});
  }

  /** @throws QueueError */
  static async open(url: string): Promise<SweepQueue> {
    return new SweepQueue(await connect(url));
  }

  /** Without user and password. */
  get address(): string {
    return this.#connections.address.shown;
  }

  /** What somebody should know of the address; undefined when there is nothing. */
  get warning(): string | undefined {
    const { isEncrypted, isLoopback, shown } = this.#connections.address;
    if (isEncrypted || isLoopback) return undefined;
    return `${shown} is not encrypted: specs, results and the password go over the network as they are. rediss:// has TLS.`;
  }

  /**
   * Adds the chunks that are neither done nor queued. What is queued already stays as it is, so that
   * adding twice does nothing.
   *
   * @param merged Chunks whose results the caller has.
   */
  async add(sweep: QueuedSweep, merged: ReadonlySet<number>): Promise<void> {
    const { redis } = this.#connections;
    const { hash, name, chunks } = sweep;
    const payload = gzipSync(sweep.payload);
    await redis.hset(sweepKey(hash), { name, chunks, payload });
    await redis.persist(sweepKey(hash));
    await redis.persist(resultsKey(hash));
    await redis.sadd(SWEEPS_KEY, hash);
    // Jobs first: one that completes meanwhile has its result by then.
    const completed = await this.#chunksIn(hash, ["completed"]);
    const done = await this.#done(hash);
    const missing = Array.from({ length: chunks }, (_, chunk) => chunk).filter(
      (chunk) => !merged.has(chunk) && !done.has(chunk),
    );
    for (const chunk of missing.filter((each) => completed.has(each))) {
      await this.#queue.remove(jobId(hash, chunk));
    }
    for (let first = 0; first < missing.length; first += ADDED_AT_ONCE) {
      await this.#queue.addBulk(
        missing.slice(first, first + ADDED_AT_ONCE).map((chunk) => ({
          name,
          data: { sweep: hash, chunk },
          opts: { jobId: jobId(hash, chunk), removeOnComplete: false, ...ATTEMPTS },
        })),
      );
    }
  }

  /** Queues the failed chunks of a sweep again; how many they were. */
  async retryFailed(hash: string): Promise<number> {
    const failed = await this.#chunksIn(hash, ["failed"]);
    for (const chunk of failed) {
      const job = await Job.fromId(this.#queue, jobId(hash, chunk));
      await job?.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
    }
    return failed.size;
  }

  /**
   * The results of a sweep as they come, until every chunk is done or has failed. Each chunk once,
   * in no order, without those in `merged`.
   */
  async *results(
    sweep: QueuedSweep,
    merged: ReadonlySet<number>,
    options: {
      readonly signal?: { readonly aborted: boolean };
      readonly onCounts?: (counts: SweepCounts) => void;
    } = {},
  ): AsyncGenerator<ChunkText, void> {
    const told = new Set(merged);
    for (;;) {
      if (options.signal?.aborted) return;
      const { counts, done } = await this.#counts(sweep.hash);
      const fresh = [...done].filter((chunk) => !told.has(chunk));
      for (let first = 0; first < fresh.length; first += READ_AT_ONCE) {
        const chunks = fresh.slice(first, first + READ_AT_ONCE);
        const texts = await this.#connections.redis.hmgetBuffer(
          resultsKey(sweep.hash),
          ...chunks.map(String),
        );
        for (const [position, packed] of texts.entries()) {
          if (packed === null) continue;
          told.add(chunks[position]);
          yield { chunk: chunks[position], text: gunzipSync(packed).toString() };
        }
      }
      options.onCounts?.({ ...counts, done: told.size });
      if (told.size >= sweep.chunks) return;
      const settled = told.size + counts.failed >= sweep.chunks;
      if (settled && counts.active + counts.waiting === 0) return;
      // Somebody emptied the queue, or another follower removed what it had merged.
      if (counts.active + counts.waiting === 0 && !settled) await this.add(sweep, told);
      await setTimeout(POLL_MS);
    }
  }

  /** Removes the jobs of a sweep whose results are merged, and lets the results go in a day. */
  async release(sweep: QueuedSweep): Promise<void> {
    const { redis } = this.#connections;
    await this.#removeJobs(sweep);
    await redis.expire(sweepKey(sweep.hash), KEPT_AFTER_MERGE_S);
    await redis.expire(resultsKey(sweep.hash), KEPT_AFTER_MERGE_S);
  }

  /** Removes a sweep with its results, for who wants it trained anew. */
  async forget(sweep: QueuedSweep): Promise<void> {
    await this.#removeJobs(sweep);
    await this.#connections.redis.del(sweepKey(sweep.hash), resultsKey(sweep.hash));
  }

  async status(): Promise<QueueStatus> {
    const hashes = await this.#connections.redis.smembers(SWEEPS_KEY);
    const sweeps = await Promise.all(hashes.toSorted().map((hash) => this.#listed(hash)));
    return { address: this.address, sweeps: sweeps.flat(), workers: await this.#workers() };
  }

  /** Why chunks of a sweep failed, each reason once. */
  async reasons(hash: string): Promise<string[]> {
    const failed = [...(await this.#chunksIn(hash, ["failed"]))];
    const jobs = await Promise.all(
      failed.map((chunk) => Job.fromId(this.#queue, jobId(hash, chunk))),
    );
    const reasons = new Set(jobs.flatMap((job) => (job ? [job.failedReason] : [])));
    return [...reasons].slice(0, REASONS_SHOWN);
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#connections.redis.disconnect();
  }

  /** A chunk that somebody trains at the moment stays until that is done. */
  async #removeJobs({ hash, chunks }: QueuedSweep): Promise<void> {
    for (let first = 0; first < chunks; first += ADDED_AT_ONCE) {
      const count = Math.min(ADDED_AT_ONCE, chunks - first);
      const ids = Array.from({ length: count }, (_, i) => jobId(hash, first + i));
      await Promise.all(ids.map((id) => this.#queue.remove(id)));
    }
    await this.#connections.redis.srem(SWEEPS_KEY, hash);
  }

  async #listed(hash: string): Promise<ListedSweep[]> {
    const [name, chunks] = await this.#connections.redis.hmget(sweepKey(hash), "name", "chunks");
    if (name === null) return [];
    const { counts } = await this.#counts(hash);
    const reasons = counts.failed === 0 ? [] : await this.reasons(hash);
    return [{ hash, name, chunks: Number(chunks), ...counts, reasons }];
  }

  async #workers(): Promise<ListedWorker[]> {
    const { redis } = this.#connections;
    const found: ListedWorker[] = [];
    for await (const keys of redis.scanStream({ match: WORKERS_PATTERN, count: 1_000 })) {
      if (keys.length === 0) continue;
      const texts = await redis.mget(keys as string[]);
      found.push(...texts.flatMap((text) => (text === null ? [] : [JSON.parse(text)])));
    }
    return found.toSorted((a, b) => (a.host + a.id < b.host + b.id ? -1 : 1));
  }

  async #done(hash: string): Promise<Set<number>> {
    return new Set((await this.#connections.redis.hkeys(resultsKey(hash))).map(Number));
  }

  /** Jobs first, then results: a chunk that finishes meanwhile is counted in both and missed in none. */
  async #counts(hash: string): Promise<{ counts: SweepCounts; done: ReadonlySet<number> }> {
    const [active, unfinished, failed] = await Promise.all([
      this.#chunksIn(hash, ["active"]),
      this.#chunksIn(hash, UNFINISHED),
      this.#chunksIn(hash, ["failed"]),
    ]);
    const done = await this.#done(hash);
    const counts = {
      done: done.size,
      active: active.size,
      waiting: Math.max(unfinished.size - active.size, 0),
      failed: [...failed].filter((chunk) => !done.has(chunk)).length,
    };
    return { counts, done };
  }

  async #chunksIn(hash: string, states: JobType[]): Promise<Set<number>> {
    const ids = await this.#queue.getRanges(states, 0, -1);
    return new Set(
      ids.flatMap((id) => {
        const of = chunkOfJob(id);
        return of.hash === hash ? [of.chunk] : [];
      }),
    );
  }
}

/** What a job holds; the sweep itself lies beside the queue once. */
export interface ChunkJob {
  readonly sweep: string;
  readonly chunk: number;
}
