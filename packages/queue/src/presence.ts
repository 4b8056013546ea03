// That a worker is there, for who asks for the status: a key that goes by itself when the worker
// does.

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { workerKey } from "./keys.ts";
import type { ListedWorker } from "./status.ts";

const BEAT_MS = 5_000;
const HEARD_FOR_S = 20;

/** A worker that left because it failed is shown for a day. */
const LEFT_SHOWN_S = 24 * 60 * 60;

export class Presence {
  readonly #redis: Redis;
  readonly #about: Pick<ListedWorker, "id" | "host" | "pid" | "engine" | "adapter">;
  readonly #beating: NodeJS.Timeout;
  done = 0;
  failed = 0;

  constructor(redis: Redis, { engine, adapter }: Pick<ListedWorker, "engine" | "adapter">) {
    this.#redis = redis;
    this.#about = { id: randomUUID(), host: hostname(), pid: process.pid, engine, adapter };
    this.#beating = setInterval(() => this.#beat(), BEAT_MS);
    this.#beat();
  }

  /** @param reason Why it left by itself; absent: it was asked to. */
  async leave(reason?: string): Promise<void> {
    clearInterval(this.#beating);
    const key = workerKey(this.#about.id);
    if (reason === undefined) await this.#redis.del(key);
    else await this.#redis.set(key, this.#text(reason), "EX", LEFT_SHOWN_S);
  }

  #beat(): void {
    // A connection that is away for a while tells of itself when it is back.
    this.#redis.set(workerKey(this.#about.id), this.#text(null), "EX", HEARD_FOR_S).catch(() => {});
  }

  #text(left: string | null): string {
    const { done, failed } = this;
    return JSON.stringify({ ...this.#about, done, failed, left } satisfies ListedWorker);
  }
}
