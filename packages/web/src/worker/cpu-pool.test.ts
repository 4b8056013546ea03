// One worker per core gives the numbers of one engine; what may not be started is done without.

import {
  compile,
  type Engine,
  loadDatasets,
  parseSpec,
  serveEngine,
  type TraceEvent,
} from "@convergence-lab/core";
import small from "@convergence-lab/test-fixtures/specs/small.json" with { type: "json" };
import { expect, test } from "vitest";
import { CpuPool } from "./cpu-pool.ts";
import { openCpu } from "./open-cpu.ts";

const spec = parseSpec({ ...small, seeds: { training: 6 } });
const tables = loadDatasets(spec);
const plan = compile(spec, tables);
const datasets = [...tables.values()];

/** A worker whose other side is served on this thread. */
function workerHere(reason: string): Worker {
  const { port1, port2 } = new MessageChannel();
  const portOf = (port: MessagePort) => ({
    post: (message: unknown) => port.postMessage(message),
    onMessage: (handler: (message: unknown) => void) => {
      port.onmessage = ({ data }) => handler(data);
    },
    onClose: () => {},
  });
  serveEngine(portOf(port2), () => openCpu(reason));
  return {
    postMessage: (message: unknown) => port1.postMessage(message),
    addEventListener: (type: string, handler: (event: MessageEvent) => void) => {
      if (type === "message") port1.onmessage = handler;
      ports.push(port1);
    },
  } as unknown as Worker;
}

const ports: MessagePort[] = [];

/** Epoch by epoch what each run was told to have reached. */
async function curves(engine: Engine): Promise<Map<number, number[]>> {
  const losses = new Map<number, number[]>();
  for await (const event of engine.train(plan, datasets) as AsyncIterable<TraceEvent>) {
    if (event.kind !== "epochs") continue;
    losses.set(event.run, [...(losses.get(event.run) ?? []), ...event.signals.loss!]);
  }
  return new Map([...losses].sort(([a], [b]) => a - b));
}

test("several workers give the bits of one engine, and are started once", async () => {
  let started = 0;
  const pool = new CpuPool(3, async () => {
    started++;
    return workerHere(" WebAssembly is slow here.");
  });
  const engine = await pool.engineFor(plan, "There is no GPU.");
  expect(engine.info.adapter).toMatch(/, 3 workers$/);
  expect(engine.info.reason).toBe("There is no GPU. WebAssembly is slow here.");
  expect(await curves(engine)).toEqual(await curves(await openCpu("one")));
  await pool.engineFor(plan, "Again.");
  expect(started).toBe(3);
  for (const port of ports) port.close();
});

test.each([
  ["no worker may be started", 4, plan],
  ["there is one core", 1, plan],
  ["there is one run", 4, { ...plan, runs: plan.runs.slice(0, 1) }],
])("where %s, this thread trains", async (_, cores, some) => {
  const engine = await new CpuPool(cores, async () => undefined).engineFor(some, "Why.");
  expect(engine.info.adapter).not.toContain("workers");
  expect(engine.info.reason).toBe("Why.");
});
