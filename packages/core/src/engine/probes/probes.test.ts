// Whole runs: what the CPU engines tell of a network against what its steps give when they are
// computed one by one here, and against each other.

import { describe, expect, test } from "vitest";
import { compile, loadDatasets } from "../../compile/compile.ts";
import type { Dataset } from "../../dataset/dataset.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { LAYER_SIGNALS, type LayerSignal } from "../../spec/probe-names.ts";
import type { SpecInput } from "../../spec/spec.ts";
import { TraceRecorder } from "../../trace/record-trace.ts";
import { isMeasured, latestConfusion } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Engine } from "../engine.ts";
import { initialParameters } from "../initial-parameters.ts";
import { createReferenceEngine } from "../reference/reference-engine.ts";
import { createSimdEngine } from "../simd/simd-engine.ts";

type Layers = SpecInput["model"]["layers"];

const reference = createReferenceEngine({ reason: "a test" });
const exact = createReferenceEngine({ precision: "float64", reason: "a test" });
const simd = createSimdEngine({ reason: "a test" });

const ROWS = 22;
const BATCH = 8;

interface Setting {
  readonly layers: Layers;
  readonly train?: Partial<SpecInput["train"]>;
  readonly probes?: SpecInput["probes"] | null;
  readonly classes?: number;
  readonly seeds?: number;
}

function planned({ layers, train, probes = "all", classes = 2, seeds = 1 }: Setting) {
  const spec = parseSpec({
    name: "probed",
    data: {
      source: {
        kind: "numpy",
        features: { randn: [ROWS + 6, 3] },
        labels: { randint: { low: 0, high: classes, size: ROWS + 6 } },
      },
      split: { testSize: 6 / (ROWS + 6) },
    },
    model: { layers },
    train: {
      loss: "binaryCrossentropy",
      optimizer: "sgd",
      learningRate: 0.1,
      epochs: 3,
      batchSize: BATCH,
      shuffle: false,
      ...train,
    },
    seeds: { training: seeds },
    ...(probes === null ? {} : { probes }),
  });
  const datasets = loadDatasets(spec);
  return { spec, plan: compile(spec, datasets), datasets: [...datasets.values()] };
}

type Planned = ReturnType<typeof planned>;

async function trained({ spec, plan, datasets }: Planned, engine: Engine): Promise<TraceRun[]> {
  const recorder = new TraceRecorder(spec, plan, datasets, engine.info);
  for await (const event of engine.train(plan, datasets)) recorder.add(event);
  return [...recorder.finish().runs];
}

/** relu 4 with an L2 penalty, then one sigmoid. */
const SMALL: Layers = [
  { units: 4, activation: "relu", kernelRegularizer: { l2: 0.05 } },
  { units: 1, activation: "sigmoid" },
];

test("every signal of a small network equals what its steps give", async () => {
  const setting = planned({ layers: SMALL, probes: { signals: "all", everySteps: 2 } });
  const [run] = await trained(setting, exact);
  const { network } = setting.plan.buckets[0];
  const { hyper } = setting.plan.runs[0];
  const { train } = setting.datasets[0];
  const flat = initialParameters(network, 0, hyper);
  let parameters = Float64Array.from(flat);
  const stepsPerEpoch = Math.ceil(ROWS / BATCH);
  const norms: number[] = [];
  for (let step = 0; step < run.steps; step++) {
    const first = (step % stepsPerEpoch) * BATCH;
    const batch = Math.min(BATCH, ROWS - first);
    const x = Float64Array.from(train.x.subarray(3 * first, 3 * (first + batch)));
    const y = Float64Array.from(train.y.subarray(first, first + batch));
    const replay = { network, hyper, batch, x, y, parameters, steps: 1 };
    const [{ gradients, parametersAfter, logits }] = await exact.replay(replay);
    norms.push(size(gradients));
    if (step % 2 === 0) {
      const at = (layer: number, signal: LayerSignal) =>
        run.probes!.layers[layer][signal]?.[step / 2];
      // Parameters lie as kernel (3, 4), bias (4), kernel (4, 1), bias (1).
      const kernel = parameters.subarray(0, 12);
      const z = Float64Array.from({ length: 4 * batch }, (_, i) => {
        const [row, unit] = [Math.floor(i / 4), i % 4];
        const sum = [0, 1, 2].reduce((s, k) => s + x[3 * row + k] * kernel[4 * k + unit], 0);
        return parameters[12 + unit] + sum;
      });
      const hidden = z.map((value) => Math.max(value, 0));
      const outputs = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
      const dead = [0, 1, 2, 3].filter((unit) => z.every((v, i) => i % 4 !== unit || v <= 0));
      const change = parametersAfter.map((value, i) => value - parameters[i]);
      const expected: Record<number, Partial<Record<LayerSignal, number>>> = {
        0: {
          gradientNorm: size(gradients.subarray(0, 16)),
          weightNorm: size(kernel),
          updateNorm: size(change.subarray(0, 12)),
          ...momentsOf(hidden),
          deadShare: dead.length / 4,
          zeroGradientShare: dead.length / 4,
          largestActivation: Math.max(...hidden),
          largestGradient: Math.max(...gradients.subarray(0, 16).map(Math.abs)),
          largestWeight: Math.max(...kernel.map(Math.abs)),
          distinctUnits: 4,
        },
        1: {
          gradientNorm: size(gradients.subarray(16)),
          weightNorm: size(parameters.subarray(16, 20)),
          updateNorm: size(change.subarray(16, 20)),
          ...momentsOf(outputs),
          saturatedShare: logits.filter((logit) => Math.abs(logit) >= 5).length / batch,
          deadShare: 0,
          zeroGradientShare: dead.length / 4,
          largestActivation: Math.max(...outputs),
          largestGradient: Math.max(...gradients.subarray(16).map(Math.abs)),
          largestWeight: Math.max(...parameters.subarray(16, 20).map(Math.abs)),
          distinctUnits: 1,
          distinctOutputs: new Set(outputs).size,
        },
      };
      for (const [layer, values] of Object.entries(expected)) {
        expect(Object.keys(run.probes!.layers[+layer]).sort()).toEqual(Object.keys(values).sort());
        for (const [signal, value] of Object.entries(values)) {
          expect(at(+layer, signal as LayerSignal), `${signal} of ${layer} at ${step}`).toBeCloseTo(
            value,
            6,
          );
        }
      }
    }
    parameters = Float64Array.from(parametersAfter);
  }
  const { gradientNormMean, gradientNormVariance, learningRate } = run.signals;
  const [mean, variance] = Object.values(momentsOf(norms.slice(-stepsPerEpoch)));
  expect(gradientNormMean![2]).toBeCloseTo(mean, 6);
  expect(gradientNormVariance![2]).toBeCloseTo(variance, 6);
  expect(learningRate).toEqual(Float32Array.of(0.1, 0.1, 0.1));
  expect(run.probes!.firstNonFinite).toBeNull();
  expect(run.probes!.everySteps).toBe(2);
});

function size(values: ArrayLike<number>): number {
  return Math.hypot(...Array.from(values));
}

function momentsOf(values: ArrayLike<number>) {
  const list = Array.from(values);
  const activationMean = list.reduce((a, b) => a + b) / list.length;
  const squares = list.reduce((sum, v) => sum + (v - activationMean) ** 2, 0);
  return { activationMean, activationVariance: squares / list.length };
}

const NETWORKS: Record<string, Setting> = {
  "relu and a packed sigmoid head": { layers: SMALL },
  "a normalized block whose activation stands behind": {
    layers: [
      { units: 5 },
      { type: "batchNormalization" },
      { type: "activation", activation: "tanh" },
      { type: "dropout", rate: 0.3 },
      { units: 1 },
      { type: "activation", activation: "sigmoid" },
    ],
    train: { shuffle: true, optimizer: { name: "sgd", momentum: 0.9 } },
  },
  "softmax over three classes": {
    layers: [
      { type: "gaussianNoise", stddev: 0.1 },
      { units: 6, activation: "elu", useBias: false },
      { units: 3, activation: "softmax" },
    ],
    train: { loss: "sparseCategoricalCrossentropy", optimizer: { name: "sgd", clipNorm: 0.01 } },
    classes: 3,
  },
  "an activity penalty on the head, prelu, softsign and hardSigmoid": {
    layers: [
      { units: 5, activation: "prelu" },
      { units: 4, activation: "softsign", kernelRegularizer: { l1: 0.01 } },
      { units: 4, activation: "hardSigmoid" },
      { units: 1, activation: "sigmoid", activityRegularizer: { l2: 0.01 } },
    ],
    train: {
      learningRate: { schedule: "exponential", initial: 0.1, decaySteps: 2, decayRate: 0.5 },
    },
  },
  "logits of one unit under two activations": {
    layers: [
      { units: 130, activation: "gelu" },
      { units: 1, activation: "leakyReLU" },
      { type: "activation", activation: "sigmoid" },
    ],
    train: { loss: "meanSquaredError" },
  },
};

describe.each(Object.entries(NETWORKS))("%s", (_, setting) => {
  test("SIMD gives the reference's signals", async () => {
    const plan = planned({ ...setting, seeds: 2 });
    const [actual, expected] = [await trained(plan, simd), await trained(plan, reference)];
    expected.forEach((run, i) => {
      expect(actual[i].probes!.layers.length).toBe(run.probes!.layers.length);
      run.probes!.layers.forEach((columns, l) => {
        expectClose(actual[i].probes!.layers[l], columns);
      });
      expectClose(actual[i].signals, run.signals);
      expect(actual[i].probes!.confusions).toEqual(run.probes!.confusions);
      expect(actual[i].probes!.firstNonFinite).toBeNull();
    });
  });

  test("measuring leaves the training alone", async () => {
    for (const engine of [reference, simd]) {
      const [bare] = await trained(planned({ ...setting, probes: null }), engine);
      const [probed] = await trained(planned(setting), engine);
      expect(bare).not.toHaveProperty("probes");
      for (const name of ["loss", "accuracy", "valLoss", "valAccuracy"] as const) {
        expect(probed.signals[name]).toEqual(bare.signals[name]);
      }
      expect(Object.keys(bare.signals)).toHaveLength(4);
    }
  });
});

/** Shares may differ by one unit or sample that sits at a threshold; nothing here does. */
function expectClose(actual: object, expected: object): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected) as [string, Float32Array][]) {
    const column = (actual as Record<string, Float32Array>)[name];
    expect(column.length, name).toBe(values.length);
    values.forEach((value, i) => {
      const tolerance = 1e-5 + 1e-4 * Math.abs(value);
      expect(
        Math.abs(column[i] - value),
        `${name}[${i}] is ${column[i]}, not ${value}`,
      ).toBeLessThan(tolerance);
    });
  }
}

test("counts add up to accuracy, and the last epoch is always there", async () => {
  const setting = planned({
    layers: NETWORKS["softmax over three classes"].layers,
    classes: 3,
    train: { loss: "sparseCategoricalCrossentropy", epochs: 5 },
    probes: { signals: ["confusion", "valConfusion"], everyEpochs: 2 },
  });
  for (const engine of [reference, simd]) {
    const [run] = await trained(setting, engine);
    const { confusions, layers } = run.probes!;
    expect(confusions.map(({ signal, epoch }) => [signal, epoch])).toEqual(
      [1, 3, 4].flatMap((epoch) => [
        ["confusion", epoch],
        ["valConfusion", epoch],
      ]),
    );
    expect(layers).toEqual([]);
    for (const { signal, epoch, classes, counts } of confusions) {
      const { train, test } = setting.datasets[0];
      const [part, accuracy] =
        signal === "confusion" ? [train, run.signals.accuracy] : [test, run.signals.valAccuracy];
      const right = counts.filter((_, i) => i % classes === Math.floor(i / classes));
      expect(right.reduce((a, b) => a + b) / part.rows).toBeCloseTo(accuracy![epoch], 6);
      for (let k = 0; k < classes; k++) {
        const row = counts.slice(k * classes, (k + 1) * classes).reduce((a, b) => a + b);
        expect(row).toBe(part.y.filter((label) => label === k).length);
      }
    }
    expect(latestConfusion(run, "valConfusion")?.epoch).toBe(4);
  }
});

test("nothing but what is asked for is told", async () => {
  const setting = planned({ layers: SMALL, probes: ["deadShare"] });
  for (const engine of [reference, simd]) {
    const [run] = await trained(setting, engine);
    expect(LAYER_SIGNALS.filter((signal) => isMeasured(run, signal))).toEqual(["deadShare"]);
    expect(run.probes).not.toHaveProperty("firstNonFinite");
    expect(run.probes!.confusions).toEqual([]);
    expect(Object.keys(run.signals)).toHaveLength(4);
  }
});

test("inference is what validation would see if the test part were the training part", async () => {
  const { spec, plan, datasets } = planned({
    ...NETWORKS["a normalized block whose activation stands behind"],
    probes: ["inferenceLoss", "inferenceAccuracy"],
  });
  const mirrored = datasets.map((data) => ({ ...data, test: data.train }));
  for (const engine of [exact, simd]) {
    const [{ signals }] = await trained({ spec, plan, datasets: mirrored }, engine);
    signals.inferenceLoss!.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(signals.valLoss![epoch], 6);
    });
    expect(signals.inferenceAccuracy).toEqual(signals.valAccuracy);
    expect(signals.inferenceLoss).not.toEqual(signals.loss);
  }
});

test("the penalties of an epoch are what a second run without them lacks in its first loss", async () => {
  const first = { epochs: 1, batchSize: ROWS };
  const { kernelRegularizer: _, ...bare } = SMALL[0] as { kernelRegularizer: object };
  const [run] = await trained(
    planned({ layers: SMALL, train: first, probes: ["regularizationLoss"] }),
    exact,
  );
  const [plain] = await trained(
    planned({ layers: [bare as Layers[0], SMALL[1]], train: first }),
    exact,
  );
  expect(run.signals.regularizationLoss![0]).toBeCloseTo(
    run.signals.loss![0] - plain.signals.loss![0],
    6,
  );
  expect(run.signals.regularizationLoss![0]).toBeGreaterThan(0.01);
});

test("the learning rate is that of the epoch's last update", async () => {
  const setting = planned({
    layers: SMALL,
    train: {
      reduceOnPlateau: { monitor: "valLoss", patience: 1, minDelta: 100, factor: 0.5 },
    },
    probes: ["learningRate"],
  });
  const [run] = await trained(setting, reference);
  expect(run.signals.learningRate).toEqual(Float32Array.of(0.1, 0.1, 0.05));
});

describe("the first number that is not finite", () => {
  const asked = { probes: ["firstNonFinite"] } as const;
  const of = async (setting: Planned, engine: Engine) => (await trained(setting, engine))[0];
  const withData = (setting: Planned, change: (data: Dataset) => Dataset) => ({
    ...setting,
    datasets: setting.datasets.map(change),
  });

  test.each([
    ["reference", reference],
    ["SIMD", simd],
  ])("is located by the %s engine", async (_, engine) => {
    const nan = withData(planned({ layers: SMALL, ...asked }), (data) => {
      const x = data.train.x.slice();
      x[3 * 10] = Number.NaN;
      return { ...data, train: { ...data.train, x } };
    });
    const inputs = await of(nan, engine);
    expect(inputs.status).toBe("diverged");
    expect(inputs.probes!.firstNonFinite).toEqual({ step: 1, tensor: "inputs" });

    const huge = withData(planned({ layers: SMALL, ...asked }), (data) => {
      const x = data.train.x.map((value) => 3e38 * Math.sign(value));
      return { ...data, train: { ...data.train, x } };
    });
    const activations = await of(huge, engine);
    expect(activations.probes!.firstNonFinite).toEqual({
      step: 0,
      tensor: "activations",
      layer: 0,
    });

    const steep = planned({
      layers: [{ units: 1, activation: "linear" }],
      train: { loss: "meanSquaredError", learningRate: 1e12, epochs: 5 },
      ...asked,
    });
    const loss = await of(steep, engine);
    expect(loss.probes!.firstNonFinite).toEqual({ step: loss.steps, tensor: "loss" });
  });

  test("an update whose gradient was finite is the parameters' own", async () => {
    const setting = planned({
      layers: [{ units: 1, activation: "sigmoid" }],
      train: { learningRate: 1, optimizer: { name: "sgd", weightDecay: 1e38 }, epochs: 1 },
      ...asked,
    });
    const run = await of(setting, reference);
    expect(run.probes!.firstNonFinite).toMatchObject({ tensor: "parameters", layer: 0 });
  });
});
