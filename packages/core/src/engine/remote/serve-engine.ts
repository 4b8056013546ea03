// The side of a port where the engine lives.

import type { Dataset } from "../../dataset/dataset.ts";
import type { CancelSignal, Engine } from "../engine.ts";
import { EngineError } from "../errors.ts";
import type { Port, Request, Response, SentError, SentEvent } from "./protocol.ts";

/** Makes an engine from the `options` that `connectEngine` was given; they are opaque here. */
export type EngineFactory = (options: unknown) => Engine | Promise<Engine>;

/** Answers every request that comes through `port`; disposes of the engine when the port closes. */
export function serveEngine(port: Port, factory: EngineFactory): void {
  const post = (response: Response) => port.post(response);
  const server = new EngineServer(factory);
  port.onMessage(async (message) => {
    const request = message as Request;
    const { id } = request;
    if (request.kind === "cancel") return server.cancel(id);
    if (request.kind === "taken") return server.taken(id);
    try {
      const value = await server.answer(request, (event) => post({ kind: "event", id, event }));
      post({ kind: "result", id, value });
    } catch (error) {
      post({ kind: "error", id, error: sentError(error) });
    }
  });
  port.onClose(() => server.close());
}

/** Events of a training that are on their way: more is not trained while nobody takes them. */
const MOST_ON_THEIR_WAY = 32;

class EngineServer {
  readonly #factory: EngineFactory;
  readonly #datasets = new Map<string, Dataset>();
  /** Trainings under way, by the id of their request. */
  readonly #trainings = new Map<number, Training>();
  #engine: Promise<Engine> | undefined;

  constructor(factory: EngineFactory) {
    this.#factory = factory;
  }

  async answer(
    request: Exclude<Request, { kind: "cancel" | "taken" }>,
    tell: (event: SentEvent) => void,
  ): Promise<unknown> {
    if (request.kind === "open") {
      this.#engine = Promise.resolve(this.#factory(request.options));
      return (await this.#engine).info;
    }
    const engine = (await this.#engine)!;
    switch (request.kind) {
      case "prepare":
        return (await engine.prepare?.(request.plan)) ?? engine.info;
      case "train":
        return this.#train(engine, request, tell);
      case "replay":
        return engine.replay(request.recording);
      case "benchmark":
        if (!engine.benchmark) throw unmeasured(engine);
        for await (const event of engine.benchmark(request.settings)) tell(event);
        return;
      case "dispose":
        return engine.dispose();
    }
  }

  cancel(id: number): void {
    this.#trainings.get(id)?.abort();
  }

  taken(id: number): void {
    this.#trainings.get(id)?.taken();
  }

  async close(): Promise<void> {
    for (const training of this.#trainings.values()) training.abort();
    const engine = await this.#engine;
    await engine?.dispose();
  }

  async #train(
    engine: Engine,
    { id, plan, datasets }: Extract<Request, { kind: "train" }>,
    tell: (event: SentEvent) => void,
  ): Promise<void> {
    const training = new Training();
    this.#trainings.set(id, training);
    for (const { key, dataset } of datasets) {
      if (dataset !== undefined) this.#datasets.set(key, dataset);
    }
    // The client sends what the plan's runs need; the places of others stay empty.
    const tables = datasets.map(({ key }) => this.#datasets.get(key) as Dataset);
    try {
      for await (const event of engine.train(plan, tables, { signal: training })) {
        tell(event);
        await training.told();
      }
    } finally {
      this.#trainings.delete(id);
    }
  }
}

class Training implements CancelSignal {
  aborted = false;
  #onTheirWay = 0;
  #goOn = () => {};

  abort(): void {
    this.aborted = true;
    this.#goOn();
  }

  taken(): void {
    this.#onTheirWay--;
    this.#goOn();
  }

  /** Resolves once another event may be told. */
  async told(): Promise<void> {
    this.#onTheirWay++;
    while (this.#onTheirWay >= MOST_ON_THEIR_WAY && !this.aborted) {
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    }
  }
}

function unmeasured({ info }: Engine): EngineError {
  return new EngineError(
    "ENGINE_NO_BENCHMARK",
    `the ${info.name} engine measures no kernels of its own; use another one.`,
  );
}

function sentError(thrown: unknown): SentError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message,
    code: typeof code === "string" ? code : null,
    stack: error.stack ?? null,
  };
}
