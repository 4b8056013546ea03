import { expect, test } from "vitest";
import { compile, loadDatasets } from "../../compile/compile.ts";
import type { Plan } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { permutationKeys, permutedIndex } from "../../shared/random.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import type { Metric, SpecInput } from "../../spec/spec.ts";
import type { EpochsEvent, TraceEvent } from "../../trace/trace-event.ts";
import type { Engine } from "../engine.ts";
import { initialParameters } from "../initial-parameters.ts";
import { createReferenceEngine } from "./index.ts";

const engine = createReferenceEngine({ precision: "float64", reason: "test" });

/** Plain SGD keeps no state, so a training can be followed with replays of one step each. */
function planned(changes: Partial<SpecInput["train"]> = {}, rows = 20): [Plan, Dataset[]] {
  const spec = parseSpec({
    name: "small",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [rows, 3] },
        labels: { randint: { low: 0, high: 2, size: rows } },
      },
      split: { testSize: 0.25 },
    },
    model: {
      layers: [
        { units: 5, activation: "tanh", kernelRegularizer: { l2: 0.01 } },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: {
      loss: "binaryCrossentropy",
      optimizer: "sgd",
      learningRate: 0.5,
      epochs: 3,
      batchSize: 4,
      ...changes,
    },
    seeds: { training: 3 },
  });
  const datasets = loadDatasets(spec);
  return [compile(spec, datasets), [...datasets.values()]];
}

async function eventsOf(plan: Plan, datasets: Dataset[], by: Engine = engine) {
  const events: TraceEvent[] = [];
  for await (const event of by.train(plan, datasets)) events.push(event);
  return events;
}

function signalsOf(events: TraceEvent[], run: number) {
  const columns: Record<string, number[]> = {};
  for (const event of events) {
    if (event.kind !== "epochs" || event.run !== run) continue;
    for (const [name, values] of Object.entries(event.signals)) {
      columns[name] ??= [];
      expect(columns[name].length).toBe(event.firstEpoch);
      columns[name].push(...values);
    }
  }
  return columns;
}

/** What `train` should report, step by step through `replay`. */
async function followed(plan: Plan, datasets: Dataset[], index: number) {
  const { trainingSeed, hyper, dataset } = plan.runs[index];
  const { network, batchSize, epochs, shuffle } = plan.buckets[plan.runs[index].bucket];
  const { train, test } = datasets[dataset];
  let parameters: Float32Array | Float64Array = initialParameters(network, trainingSeed);
  const stepOn = async (part: Part, rows: number[]) => {
    const { inputs } = network;
    const x = rows.flatMap((row) => [...part.x.subarray(row * inputs, (row + 1) * inputs)]);
    const y = rows.map((row) => part.y[row]);
    const [step] = await engine.replay({
      network,
      hyper,
      batch: rows.length,
      x: Float64Array.from(x),
      y: Float64Array.from(y),
      parameters,
      steps: 1,
    });
    const right = y.filter((label, b) => (step.logits[b] > 0 ? 1 : 0) === label).length;
    return { ...step, loss: step.dataLoss + step.regularizationLoss, right };
  };
  const curves = { loss: [], accuracy: [], valLoss: [], valAccuracy: [] } as Record<
    Metric,
    number[]
  >;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const keys = permutationKeys(trainingSeed, epoch, train.rows);
    const order = rowsOf(train).map((i) => (shuffle ? permutedIndex(keys, i, train.rows) : i));
    let loss = 0;
    let right = 0;
    for (let first = 0; first < train.rows; first += batchSize) {
      const rows = order.slice(first, first + batchSize);
      const step = await stepOn(train, rows);
      parameters = step.parametersAfter;
      loss += rows.length * step.loss;
      right += step.right;
    }
    const validation = await stepOn(test, rowsOf(test));
    curves.loss.push(loss / train.rows);
    curves.accuracy.push(right / train.rows);
    curves.valLoss.push(validation.loss);
    curves.valAccuracy.push(validation.right / test.rows);
  }
  return curves;
}

function rowsOf(part: Part): number[] {
  return Array.from({ length: part.rows }, (_, i) => i);
}

test.each([
  { what: "shuffled, last batch short", changes: {} },
  { what: "in the order of the rows", changes: { shuffle: false } },
  { what: "one batch larger than the part", changes: { batchSize: 64 } },
])("$what: the signals are those of the single steps", async ({ changes }) => {
  const [plan, datasets] = planned(changes);
  const events = await eventsOf(plan, datasets);
  for (const { index } of plan.runs) {
    const actual = signalsOf(events, index);
    const expected = await followed(plan, datasets, index);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expect(actual[name].length).toBe(values.length);
      // Signals are float32.
      values.forEach((value, epoch) => {
        expect(Math.abs(actual[name][epoch] - value)).toBeLessThanOrEqual(2 ** -23 * value);
      });
    }
  }
});

test("two trainings are equal, and a run alone equals itself in the population", async () => {
  const [plan, datasets] = planned();
  const events = await eventsOf(plan, datasets);
  expect(await eventsOf(plan, datasets)).toEqual(events);
  const alone: Plan = { ...plan, buckets: [{ ...plan.buckets[0], runs: [1] }] };
  expect(signalsOf(await eventsOf(alone, datasets), 1)).toEqual(signalsOf(events, 1));
});

test("without a test part there are no validation signals", async () => {
  const [plan, [dataset]] = planned();
  const trainOnly = {
    ...dataset,
    test: { rows: 0, x: new Float32Array(0), y: new Float32Array(0) },
  };
  const events = await eventsOf(plan, [trainOnly]);
  expect(Object.keys(signalsOf(events, 0))).toEqual(["loss", "accuracy"]);
});

test("a diverged run freezes, tells its steps, and leaves the others alone", async () => {
  const [plan, datasets] = planned({ loss: "meanSquaredError" });
  const explosive: Plan = {
    ...plan,
    runs: plan.runs.map((run) =>
      run.index === 1 ? { ...run, hyper: { ...run.hyper, learningRate: 1e30, l2: [1, 1] } } : run,
    ),
  };
  const float32 = createReferenceEngine({ reason: "test" });
  const events = await eventsOf(explosive, datasets, float32);
  const finished = events.filter((event) => event.kind === "finished");
  expect(finished.map((event) => event.status)).toEqual(["complete", "diverged", "complete"]);
  expect(finished[1].steps).toBeLessThan(12);
  for (const event of events.filter((e): e is EpochsEvent => e.kind === "epochs")) {
    expect(event.signals.loss!.every(Number.isFinite)).toBe(true);
  }
  expect(events.at(-1)).toMatchObject({ kind: "progress", stepsDone: 36, stepsTotal: 36 });
});

test("progress grows to the total, and a cancel stops between two reports", async () => {
  const [plan, datasets] = planned({ epochs: 4000 }, 400);
  const signal = { aborted: false };
  const events: TraceEvent[] = [];
  for await (const event of engine.train(plan, datasets, { signal })) {
    events.push(event);
    if (event.kind === "progress") signal.aborted = true;
  }
  expect(events.filter((event) => event.kind === "progress").length).toBe(1);
  expect(events.some((event) => event.kind === "finished")).toBe(false);
});

test("other work gets its turn while a training runs", async () => {
  const [plan, datasets] = planned({ epochs: 4000 }, 400);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  let reports = 0;
  const signal = { aborted: false };
  for await (const event of engine.train(plan, datasets, { signal })) {
    if (event.kind === "progress" && ++reports === 4) signal.aborted = true;
  }
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(3);
});
