import small from "@convergence-lab/test-fixtures/specs/small.json" with { type: "json" };
import { expect, test } from "vitest";
import { compile, loadDatasets } from "../../compile/compile.ts";
import { selectRuns } from "../../compile/select-runs.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import type { TraceEvent } from "../../trace/trace-event.ts";
import type { CancelSignal, Engine } from "../engine.ts";
import { createReferenceEngine } from "../reference/index.ts";
import { decodeMessage, encodeMessage } from "../wire.ts";
import { connectEngine } from "./connect-engine.ts";
import type { Port, Request } from "./protocol.ts";
import { serveEngine } from "./serve-engine.ts";

const reference = createReferenceEngine({ reason: "test" });

const spec = parseSpec({ ...small, seeds: { training: 2, data: 2 }, probes: "all" });
const tables = loadDatasets(spec);
const plan = compile(spec, tables);
const datasets = [...tables.values()];

/** Two joined ports. What crosses is text, as it would be through a pipe, and is kept. */
function joinedPorts() {
  const texts: string[] = [];
  const closers: (() => void)[] = [];
  const handlers: ((message: unknown) => void)[] = [];
  const port = (own: number): Port => ({
    post(message) {
      const text = encodeMessage(message);
      texts.push(text);
      queueMicrotask(() => handlers[1 - own]?.(decodeMessage(text)));
    },
    onMessage(handler) {
      handlers[own] = handler;
    },
    onClose(handler) {
      closers.push(handler);
    },
  });
  const close = () => {
    for (const closer of closers) closer();
  };
  return { client: port(0), server: port(1), texts, close };
}

async function eventsOf(engine: Engine, signal?: CancelSignal, of = plan): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  for await (const event of engine.train(of, datasets, { signal })) events.push(event);
  return events;
}

/** An engine that reports for ever, until it is told to stop. */
function endlessEngine() {
  const seen = { stopped: false, disposed: false };
  const engine: Engine = {
    ...reference,
    async *train(_plan, _datasets, options) {
      for (let stepsDone = 0; !options?.signal?.aborted; stepsDone++) {
        yield { kind: "progress", stepsDone, stepsTotal: 1e9 };
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      seen.stopped = true;
    },
    dispose: async () => {
      seen.disposed = true;
    },
  };
  return { engine, seen };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test("a training and a replay through a port equal those without one", async () => {
  const { client, server } = joinedPorts();
  let received: unknown;
  serveEngine(server, (options) => {
    received = options;
    return reference;
  });
  const engine = await connectEngine(client, { precision: "float32" });
  expect(received).toEqual({ precision: "float32" });
  expect(engine.info).toEqual(reference.info);
  expect(await eventsOf(engine)).toEqual(await eventsOf(reference));

  const { network } = plan.buckets[0];
  const recording = {
    network,
    hyper: plan.runs[0].hyper,
    batch: 2,
    x: Float32Array.of(1, 2, 3, 4, 5, 6),
    y: Float32Array.of(0, 1),
    parameters: new Float32Array(network.layout.size).fill(0.1),
    steps: 2,
  };
  expect(await engine.replay(recording)).toEqual(await reference.replay(recording));
});

test("a dataset crosses the port once, and only when a run needs it", async () => {
  const { client, server, texts } = joinedPorts();
  serveEngine(server, () => reference);
  const engine = await connectEngine(client);
  const sent = () =>
    texts
      .map((text) => decodeMessage(text) as Request)
      .filter((message) => message.kind === "train")
      .map((message) => message.datasets.map(({ dataset }) => dataset !== undefined));
  await eventsOf(engine, undefined, selectRuns(plan, [0]));
  const events = await eventsOf(engine);
  expect(sent()).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(events).toEqual(await eventsOf(reference));
});

test("a cancel reaches the engine, and the events end", async () => {
  const { client, server } = joinedPorts();
  const { engine: endless, seen } = endlessEngine();
  serveEngine(server, () => endless);
  const engine = await connectEngine(client);
  const signal = { aborted: false };
  for await (const event of engine.train(plan, datasets, { signal })) {
    if (event.kind === "progress" && event.stepsDone === 3) signal.aborted = true;
  }
  expect(seen.stopped).toBe(true);
});

test("a consumer that leaves stops the engine", async () => {
  const { client, server } = joinedPorts();
  const { engine: endless, seen } = endlessEngine();
  serveEngine(server, () => endless);
  const engine = await connectEngine(client);
  for await (const _event of engine.train(plan, datasets)) break;
  await until(() => seen.stopped);
});

test("an error keeps its name, message and code, and the stack of where it was thrown", async () => {
  const failure = Object.assign(new TypeError("no adapter"), { code: "GPU_NO_ADAPTER" });
  const failing: Engine = {
    ...reference,
    // biome-ignore lint/correctness/useYield: it fails before its first event
    async *train() {
      throw failure;
    },
    replay: () => Promise.reject(failure),
  };
  const { client, server } = joinedPorts();
  serveEngine(server, () => failing);
  const engine = await connectEngine(client);
  const same = { name: "TypeError", message: "no adapter", code: "GPU_NO_ADAPTER" };
  await expect(eventsOf(engine)).rejects.toMatchObject(same);
  await expect(engine.replay({} as never)).rejects.toMatchObject(same);
  await expect(engine.replay({} as never)).rejects.toHaveProperty("cause", failure.stack);
});

test("what will train a plan is told through a port, by engines that prepare and by others", async () => {
  const preparing: Engine = {
    ...reference,
    prepare: async ({ runs }) => ({ ...reference.info, reason: `${runs.length} runs` }),
  };
  for (const [served, reason] of [
    [preparing, `${plan.runs.length} runs`],
    [reference, "test"],
  ] as const) {
    const { client, server } = joinedPorts();
    serveEngine(server, () => served);
    const engine = await connectEngine(client);
    expect(await engine.prepare?.(plan)).toEqual({ ...reference.info, reason });
    expect(engine.info).toEqual(reference.info);
  }
});

test("a factory that fails is an error of connecting", async () => {
  const { client, server } = joinedPorts();
  serveEngine(server, () => {
    throw Object.assign(new Error("no device"), { code: "GPU_NO_DEVICE" });
  });
  await expect(connectEngine(client)).rejects.toMatchObject({ code: "GPU_NO_DEVICE" });
});

test("when the other end is gone, what waits and what comes later fails by name", async () => {
  const { client, server, close } = joinedPorts();
  const { engine: endless, seen } = endlessEngine();
  serveEngine(server, () => endless);
  const engine = await connectEngine(client);
  const training = eventsOf(engine);
  setTimeout(close, 5);
  await expect(training).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  await expect(engine.replay({} as never)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  await until(() => seen.stopped && seen.disposed);
});

test("the other side stands still while nobody takes its events, and stops when it is left", async () => {
  const { client, server, texts } = joinedPorts();
  const { engine: endless, seen } = endlessEngine();
  serveEngine(server, () => endless);
  const engine = await connectEngine(client);
  const events = engine.train(plan, datasets)[Symbol.asyncIterator]();
  await events.next();
  // Turns of the event loop, in which the other side has its own, however long they take.
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await turns(200);
  const sent = texts.length;
  await turns(50);
  expect(texts.length).toBe(sent);
  for (let i = 0; i < 100; i++) await events.next();
  expect(seen.stopped).toBe(false);
  await events.return?.();
  await until(() => seen.stopped);
});
