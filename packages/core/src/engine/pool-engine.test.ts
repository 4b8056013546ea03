import small from "@convergence-lab/test-fixtures/specs/small.json" with { type: "json" };
import { expect, test } from "vitest";
import { compile, loadDatasets } from "../compile/compile.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import type { ProgressEvent, TraceEvent } from "../trace/trace-event.ts";
import type { CancelSignal, Engine } from "./engine.ts";
import { createPoolEngine } from "./pool-engine.ts";
import { createReferenceEngine } from "./reference/index.ts";

const reference = createReferenceEngine({ reason: "test" });

const spec = parseSpec({
  ...small,
  seeds: { training: 9 },
  variants: {
    narrow: {},
    wide: { model: { layers: [{ units: 50 }, { units: 1, activation: "sigmoid" }] } },
  },
});
const tables = loadDatasets(spec);
const plan = compile(spec, tables);
const datasets = [...tables.values()];

async function eventsOf(engine: Engine, signal?: CancelSignal): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  for await (const event of engine.train(plan, datasets, { signal })) events.push(event);
  return events;
}

function ofRun(events: readonly TraceEvent[], run: number): TraceEvent[] {
  return events.filter((event) => "run" in event && event.run === run);
}

const milliseconds = (count: number) => () =>
  new Promise<void>((resolve) => setTimeout(resolve, count));

/** The reference with a delay before each training; notes the runs that it was given. */
function slowEngine(delay: () => Promise<void> = async () => {}) {
  const chunks: number[][] = [];
  const engine: Engine = {
    ...reference,
    async *train(part, tables, options) {
      chunks.push(part.buckets.flatMap((bucket) => bucket.runs));
      await delay();
      yield* reference.train(part, tables, options);
    },
  };
  return { engine, chunks };
}

test("the numbers are those of one engine, however many share the work", async () => {
  const alone = await eventsOf(reference);
  for (const workers of [1, 2, 5, 40]) {
    const pool = createPoolEngine(Array(workers).fill(reference), reference.info);
    const events = await eventsOf(pool);
    for (const { index } of plan.runs) expect(ofRun(events, index)).toEqual(ofRun(alone, index));
  }
});

test("the dearest runs go first, every run goes once, and the idle take what is left", async () => {
  const quick = slowEngine();
  // As slow as it gets: until the other has come to the single runs at the end.
  const slow = slowEngine(async () => {
    while (quick.chunks.at(-1)?.length !== 1) await milliseconds(1)();
  });
  await eventsOf(createPoolEngine([quick.engine, slow.engine], reference.info));
  const given = [...quick.chunks, ...slow.chunks].flat();
  expect(given.toSorted((a, b) => a - b)).toEqual(plan.runs.map((run) => run.index));
  expect(plan.runs[quick.chunks[0][0]].variant).toBe("wide");
  expect(quick.chunks.flat().length).toBeGreaterThan(slow.chunks.flat().length);
  expect(quick.chunks.at(-1)!.length).toBe(1);
});

test("progress never falls and ends at the total", async () => {
  const pool = createPoolEngine([reference, slowEngine(milliseconds(2)).engine], reference.info);
  const progress = (await eventsOf(pool)).filter((e): e is ProgressEvent => e.kind === "progress");
  const done = progress.map((event) => event.stepsDone);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  // 30 training rows in batches of 32: one step an epoch.
  expect(progress.at(-1)).toMatchObject({ stepsDone: 2 * 9 * 4, stepsTotal: 2 * 9 * 4 });
});

test("a cancel stops every worker, and no further chunk is begun", async () => {
  const workers = [slowEngine(milliseconds(5)), slowEngine(milliseconds(5))];
  const pool = createPoolEngine(
    workers.map(({ engine }) => engine),
    reference.info,
  );
  const signal = { aborted: false };
  for await (const event of pool.train(plan, datasets, { signal })) {
    if (event.kind === "finished") signal.aborted = true;
  }
  const begun = workers.flatMap(({ chunks }) => chunks.flat()).length;
  expect(begun).toBeLessThan(plan.runs.length);
});

test("a worker that fails fails the training, and the others stop", async () => {
  const other = slowEngine(milliseconds(5));
  const failing: Engine = {
    ...reference,
    // biome-ignore lint/correctness/useYield: it fails before its first event
    async *train() {
      throw Object.assign(new Error("worker gone"), { code: "ENGINE_CLOSED" });
    },
  };
  const pool = createPoolEngine([failing, other.engine], reference.info);
  await expect(eventsOf(pool)).rejects.toMatchObject({ code: "ENGINE_CLOSED" });
  expect(other.chunks.length).toBe(1);
});

test("the pool ends its workers with itself", async () => {
  let disposed = 0;
  const worker: Engine = {
    ...reference,
    dispose: async () => {
      disposed++;
    },
  };
  await createPoolEngine([worker, worker], reference.info).dispose();
  expect(disposed).toBe(2);
});

test("while nobody takes events the workers stand still, and they go on afterwards", async () => {
  let told = 0;
  const endless: Engine = {
    ...reference,
    async *train(_plan, _datasets, options) {
      for (let stepsDone = 0; !options?.signal?.aborted; stepsDone++) {
        told++;
        yield { kind: "progress", stepsDone, stepsTotal: 1e9 };
        await new Promise((resolve) => setTimeout(resolve));
      }
    },
  };
  const pool = createPoolEngine([endless, endless], reference.info);
  const events = pool.train(plan, datasets)[Symbol.asyncIterator]();
  await events.next();
  // Turns of the event loop, in which a worker that goes on has its own, however long they take.
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve));
  };
  await turns(200);
  const before = told;
  await turns(50);
  expect(told).toBe(before);
  for (let i = 0; i < 100; i++) await events.next();
  expect(told).toBeGreaterThan(before);
  await events.return?.();
});
