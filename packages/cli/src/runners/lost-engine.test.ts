// What happens when an engine dies or its device refuses, with engines that do so on purpose.

import {
  compile,
  type Engine,
  initialParameters,
  loadDatasets,
  parseSpec,
  type Replay,
  type TraceEvent,
  TraceRecorder,
} from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { expect, test } from "vitest";
import { CliError } from "../errors.ts";
import { fallbackEngine } from "./fallback-engine.ts";
import { revivingEngine } from "./reviving-engine.ts";

const spec = parseSpec({
  name: "lost",
  data: {
    source: {
      kind: "numpy",
      features: { rand: [30, 3] },
      labels: { randint: { low: 0, high: 2, size: 30 } },
    },
  },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
  train: { loss: "binaryCrossentropy", epochs: 5, batchSize: 8 },
  seeds: { training: 4 },
});
const tables = loadDatasets(spec);
const plan = compile(spec, tables);
const datasets = [...tables.values()];
const reference = createReferenceEngine({ precision: "float32", reason: "test" });

/** Dies once it has told `events` events. */
function mortal(
  events: number,
  code: "CLI_HOST_LOST" | "CLI_NO_ADAPTER" = "CLI_HOST_LOST",
): Engine {
  return {
    ...reference,
    async *train(...args) {
      let told = 0;
      for await (const event of reference.train(...args)) {
        if (told++ === events) throw new CliError(code, "it died");
        yield event;
      }
    },
  };
}

async function trained(engine: Engine) {
  const recorder = new TraceRecorder(spec, plan, datasets, reference.info);
  const progress: number[] = [];
  for await (const event of engine.train(plan, datasets) as AsyncIterable<TraceEvent>) {
    // Throws at an epoch that is told twice or left out.
    recorder.add(event);
    if (event.kind === "progress") progress.push(event.stepsDone / event.stepsTotal);
  }
  return { runs: recorder.finish().runs, progress };
}

async function eventsUntilHalf(): Promise<number> {
  let events = 0;
  let finished = 0;
  for await (const event of reference.train(plan, datasets)) {
    events++;
    if (event.kind === "finished" && ++finished === 2) break;
  }
  return events + 1;
}

test("a fresh engine trains what a dead one left, and every event is told once", async () => {
  let opened = 0;
  const engine = revivingEngine(mortal(await eventsUntilHalf()), async () => {
    opened++;
    return reference;
  });
  const { runs, progress } = await trained(engine);
  expect(runs).toEqual((await trained(reference)).runs);
  expect(opened).toBe(1);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
});

test("an engine that dies before a further run is finished is not opened for ever", async () => {
  let opened = 0;
  const engine = revivingEngine(mortal(1), async () => {
    opened++;
    return mortal(1);
  });
  await expect(trained(engine)).rejects.toMatchObject({ code: "CLI_HOST_LOST" });
  expect(opened).toBe(1);
});

test("steps that are replayed at the same time on an engine that dies share the next one", async () => {
  const [bucket] = plan.buckets;
  const { network, batchSize: batch } = bucket;
  const recording: Replay = {
    network,
    batch,
    hyper: plan.runs[0].hyper,
    x: new Float32Array(batch * network.inputs).fill(0.5),
    y: new Float32Array(batch).fill(1),
    parameters: initialParameters(network, 0),
    steps: 2,
  };
  const dying = {
    ...reference,
    replay: () => Promise.reject(new CliError("CLI_HOST_LOST", "it died")),
  };
  let opened = 0;
  const engine = revivingEngine(dying, async () => {
    opened++;
    return reference;
  });
  const replays = await Promise.all([1, 2, 3].map(() => engine.replay(recording)));
  expect(replays).toEqual(Array(3).fill(await reference.replay(recording)));
  expect(opened).toBe(1);
});

test("what is not a death is thrown as it is", async () => {
  const engine = revivingEngine(mortal(1, "CLI_NO_ADAPTER"), () => expect.unreachable());
  await expect(trained(engine)).rejects.toMatchObject({ code: "CLI_NO_ADAPTER" });
});

test("when no engine takes over, or one with other numbers, the error says both", async () => {
  const nobody = revivingEngine(mortal(1), () =>
    Promise.reject(new CliError("CLI_NO_ADAPTER", "there is no adapter")),
  );
  await expect(trained(nobody)).rejects.toMatchObject({
    code: "CLI_HOST_LOST",
    message: "it died No other took over: there is no adapter",
  });
  const another = { ...reference, info: { ...reference.info, adapter: "another" } };
  await expect(trained(revivingEngine(mortal(1), async () => another))).rejects.toMatchObject({
    message: expect.stringContaining("another, whose numbers are others"),
  });
});

/** Its device refuses to prepare a plan. */
function refusing(code: string): Engine {
  const error = Object.assign(new Error("the driver refused the kernel"), { code });
  return { ...reference, prepare: () => Promise.reject(error) };
}

test("an engine that cannot prepare a plan gives way, and the other's reason says why", async () => {
  const other = (reason: string): Engine => {
    const info = { ...reference.info, adapter: "other", reason };
    return { ...reference, info };
  };
  const engine = fallbackEngine(refusing("GPU_PIPELINE_FAILED"), async (reason) => other(reason));
  expect(await engine.prepare?.(plan)).toMatchObject({
    adapter: "other",
    reason: "the driver refused the kernel.",
  });
  // It stays with the other.
  expect(await engine.prepare?.(plan)).toMatchObject({ adapter: "other" });
  expect((await trained(engine)).runs).toHaveLength(4);
});

test("a defect in preparing is no reason to give way", async () => {
  const engine = fallbackEngine(refusing("ENGINE_BAD_MESSAGE"), () => expect.unreachable());
  await expect(engine.prepare?.(plan)).rejects.toThrow("the driver refused the kernel");
});
