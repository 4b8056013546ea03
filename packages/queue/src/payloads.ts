// What sweeps are made of, fetched once for all their chunks.

import { gunzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { sweepKey } from "./keys.ts";

const SWEEPS_KEPT = 8;

export class Payloads {
  readonly #redis: Redis;
  readonly #known = new Map<string, Promise<string>>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @throws SweepGone */
  of(hash: string): Promise<string> {
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    const [oldest] = this.#known.keys();
    if (this.#known.size >= SWEEPS_KEPT) this.#known.delete(oldest);
    const fetched = this.#fetch(hash);
    this.#known.set(hash, fetched);
    // What could not be fetched is asked for again.
    fetched.catch(() => this.#known.delete(hash));
    return fetched;
  }

  async #fetch(hash: string): Promise<string> {
    const packed = await this.#redis.hgetBuffer(sweepKey(hash), "payload");
    if (packed === null) throw new SweepGone(`the queue no longer holds sweep ${hash}.`);
    return gunzipSync(packed).toString();
  }
}

/** A job whose sweep was removed under it. */
export class SweepGone extends Error {
  override readonly name = "SweepGone";
}
