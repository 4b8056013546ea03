// What a worker does with a chunk: the sweep out of its payload, the trials through an engine, the
// records into one text.

import {
  type Dataset,
  type EngineInfo,
  printPath,
  runChunk,
  SpecError,
  sweepWords,
} from "@convergence-lab/core";
import { unsupportedWord } from "@convergence-lab/engine-webgpu";
import { EnginePool } from "../runners/engine-pool.ts";
import { type EnginesRequest, openEngines } from "../runners/open-engines.ts";
import { packResult, type SweepInput, unpackSweep } from "./sweep-payload.ts";

/** Sweeps whose datasets are kept ready. */
const SWEEPS_KEPT = 4;

interface ReadySweep extends SweepInput {
  readonly datasets: Map<string, Dataset>;
  readonly pool: Promise<EnginePool>;
}

export class ChunkTrainer {
  readonly info: EngineInfo;
  readonly #request: EnginesRequest;
  readonly #onLoss: (message: string) => void;
  /** By the words that they were opened for: "" for networks that every engine has. */
  readonly #pools: Map<string, Promise<EnginePool>>;
  readonly #sweeps = new Map<string, ReadySweep>();
  readonly size: number;

  private constructor(
    request: EnginesRequest,
    pool: EnginePool,
    info: EngineInfo,
    onLoss: (message: string) => void,
  ) {
    this.info = info;
    this.size = pool.size;
    this.#request = request;
    this.#pools = new Map([["", Promise.resolve(pool)]]);
    this.#onLoss = onLoss;
  }

  /** @param onLoss Told of every engine that is lost for good. */
  static async open(
    request: EnginesRequest,
    onLoss: (message: string) => void,
  ): Promise<ChunkTrainer> {
    const engines = await openEngines(request);
    const pool = new EnginePool(engines, (_, { message }) => onLoss(message));
    return new ChunkTrainer(request, pool, engines[0].info, onLoss);
  }

  /**
   * The result of a chunk, as `unpackResult` reads it.
   *
   * @throws UnusableSweep for what no machine could train.
   */
  async train(queued: { hash: string; payload: string }, chunk: number): Promise<string> {
    const { sweep, pool, ...files } = this.#sweepOf(queued);
    try {
      return await (await pool).use(async (engine) => {
        const started = performance.now();
        const result = await runChunk(sweep, chunk, engine, files);
        return packResult({ ...result, seconds: secondsSince(started) });
      });
    } catch (error) {
      throw error instanceof SpecError ? new UnusableSweep(problemsOf(error)) : error;
    }
  }

  async dispose(): Promise<void> {
    const pools = await Promise.allSettled(this.#pools.values());
    await Promise.all(
      pools.map((pool) => (pool.status === "fulfilled" ? pool.value.dispose() : undefined)),
    );
  }

  #sweepOf({ hash, payload }: { hash: string; payload: string }): ReadySweep {
    const known = this.#sweeps.get(hash);
    if (known !== undefined) return known;
    const [oldest] = this.#sweeps.keys();
    if (this.#sweeps.size >= SWEEPS_KEPT) this.#sweeps.delete(oldest);
    try {
      const input = unpackSweep(payload, hash);
      const datasets = new Map<string, Dataset>();
      const words = sweepWords(input.sweep, { ...input, datasets });
      const ready = { ...input, datasets, pool: this.#poolFor(words) };
      this.#sweeps.set(hash, ready);
      return ready;
    } catch (error) {
      const says = error instanceof SpecError ? problemsOf(error) : (error as Error).message;
      throw new UnusableSweep(says);
    }
  }

  /** The engines that are open already have all words but the unusual ones. */
  #poolFor(words: readonly string[]): Promise<EnginePool> {
    const unusual = words.filter((word) => unsupportedWord([word]) !== undefined);
    const key = unusual.toSorted().join(" ");
    const open =
      this.#pools.get(key) ??
      openEngines({ ...this.#request, words }).then(
        (engines) => new EnginePool(engines, (_, { message }) => this.#onLoss(message)),
      );
    this.#pools.set(key, open);
    // Another chunk may have better luck.
    open.catch(() => this.#pools.delete(key));
    return open;
  }
}

/** A sweep that is wrong by itself. */
export class UnusableSweep extends Error {
  override readonly name = "UnusableSweep";
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1_000;
}

function problemsOf({ problems }: SpecError): string {
  return problems.map(({ path, message }) => `${printPath(path)} ${message}`).join(" ");
}
