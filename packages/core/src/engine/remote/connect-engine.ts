// The side of a port that drives an engine and does not have it.

import type { Plan } from "../../compile/plan.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import type { EngineInfo } from "../../trace/engine-info.ts";
import type { TraceEvent } from "../../trace/trace-event.ts";
import type { BenchmarkEvent } from "../benchmark.ts";
import type { CancelSignal, Engine, Replay, ReplayStep, TrainOptions } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { EventQueue } from "../event-queue.ts";
import type { Port, Request, Response, SentDataset, SentError, SentEvent } from "./protocol.ts";

/**
 * The engine that `serveEngine` makes of `options` on the other side of the port.
 *
 * @throws what the factory threw, by name, message and code
 */
export async function connectEngine(port: Port, options?: unknown): Promise<Engine> {
  const client = new EngineClient(port);
  const info = (await client.ask((id) => ({ kind: "open", id, options }))) as EngineInfo;
  return {
    info,
    prepare: (plan) => client.ask((id) => ({ kind: "prepare", id, plan })) as Promise<EngineInfo>,
    train: (plan, datasets, trainOptions) => client.train(plan, datasets, trainOptions),
    replay: (recording: Replay) =>
      client.ask((id) => ({ kind: "replay", id, recording })) as Promise<ReplayStep[]>,
    benchmark: (settings) =>
      client.stream<BenchmarkEvent>((id) => ({ kind: "benchmark", id, settings })),
    dispose: async () => {
      await client.ask((id) => ({ kind: "dispose", id }));
    },
  };
}

/** An error of the other side: its name, message and code, and in `cause` its stack there. */
export class RemoteError extends Error {
  readonly code: string | undefined;

  constructor({ name, message, code, stack }: SentError) {
    super(message, { cause: stack ?? undefined });
    this.name = name;
    this.code = code ?? undefined;
  }
}

/** What happens with the responses to one request. */
interface Pending {
  readonly onEvent: (event: SentEvent) => void;
  readonly onResult: (value: unknown) => void;
  readonly onError: (error: Error) => void;
}

class EngineClient {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  readonly #sentKeys = new Set<string>();
  #lastId = 0;
  #closed = false;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message as Response));
    port.onClose(() => this.#close());
  }

  ask(request: (id: number) => Request): Promise<unknown> {
    return new Promise((onResult, onError) => {
      this.#send(request, { onEvent: () => {}, onResult, onError });
    });
  }

  train(
    plan: Plan,
    datasets: readonly Dataset[],
    { signal }: TrainOptions = {},
  ): AsyncGenerator<TraceEvent, void> {
    return this.stream<TraceEvent>(
      (id) => ({ kind: "train", id, plan, datasets: this.#unsent(plan, datasets) }),
      signal,
    );
  }

  /** The events of one request. Leaving early, or a signal, cancels it. */
  async *stream<E extends SentEvent>(
    request: (id: number) => Request,
    signal?: CancelSignal,
  ): AsyncGenerator<E, void> {
    const queue = new EventQueue<E>();
    let cancelled = false;
    const cancel = () => {
      if (!cancelled && this.#pending.has(id)) this.#port.post({ kind: "cancel", id });
      cancelled = true;
    };
    const id = this.#send(request, {
      // A cancel signal can only be looked at, and every report is an occasion.
      onEvent: (event) => {
        if (signal?.aborted) cancel();
        queue.push(event as E);
      },
      onResult: () => queue.end(),
      onError: (error) => queue.fail(error),
    });
    try {
      for await (const event of queue) {
        yield event;
        if (this.#pending.has(id)) this.#port.post({ kind: "taken", id });
        if (signal?.aborted) cancel();
      }
    } finally {
      // Does nothing after the last response; stops the other side when the consumer has left.
      cancel();
    }
  }

  /** Content for datasets that the plan's runs need and the other side lacks, keys for all. */
  #unsent(plan: Plan, datasets: readonly Dataset[]): SentDataset[] {
    const runs = plan.buckets.flatMap((bucket) => bucket.runs);
    const needed = new Set(runs.map((run) => plan.runs[run].dataset));
    return plan.datasets.map((key, i) => {
      if (!needed.has(i) || this.#sentKeys.has(key)) return { key };
      this.#sentKeys.add(key);
      return { key, dataset: datasets[i] };
    });
  }

  #send(request: (id: number) => Request, pending: Pending): number {
    const id = ++this.#lastId;
    if (this.#closed) {
      pending.onError(closedError());
      return id;
    }
    this.#pending.set(id, pending);
    this.#port.post(request(id));
    return id;
  }

  #receive(response: Response): void {
    const pending = this.#pending.get(response.id);
    if (pending === undefined) return;
    if (response.kind !== "event") this.#pending.delete(response.id);
    switch (response.kind) {
      case "event":
        pending.onEvent(response.event);
        break;
      case "result":
        pending.onResult(response.value);
        break;
      case "error":
        pending.onError(new RemoteError(response.error));
        break;
    }
  }

  #close(): void {
    this.#closed = true;
    for (const pending of this.#pending.values()) pending.onError(closedError());
    this.#pending.clear();
  }
}

function closedError(): EngineError {
  return new EngineError(
    "ENGINE_CLOSED",
    "The worker, process or page in which the engine ran has ended; start the training again, " +
      "and look at its own output for the reason.",
  );
}
