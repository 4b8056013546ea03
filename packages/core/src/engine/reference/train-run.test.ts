// Whole runs with what the narrow networks of reference-engine.test.ts do not have: draws and
// statistics that depend on the mode, schedules, class weights, callbacks.

import { expect, test } from "vitest";
import { compile, loadDatasets } from "../../compile/compile.ts";
import type { Hyper } from "../../compile/plan.ts";
import type { Dataset, Part } from "../../dataset/dataset.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import type { SpecInput } from "../../spec/spec.ts";
import { initialParameters } from "../initial-parameters.ts";
import type { TrainingRun } from "../training-run.ts";
import { referenceRun } from "./train-run.ts";
import { TrainStep } from "./train-step.ts";

const EPOCHS = 12;
const BATCH = 4;
const TRAIN_ROWS = 18;

const LAYERS: SpecInput["model"]["layers"] = [
  { type: "gaussianNoise", stddev: 0.1 },
  { units: 8, activation: "prelu" },
  { type: "batchNormalization", momentum: 0.8 },
  { type: "dropout", rate: 0.4 },
  { units: 1, activation: "sigmoid" },
];

function planned(train: Partial<SpecInput["train"]> = {}, layers = LAYERS) {
  const spec = parseSpec({
    name: "wide",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [24, 3] },
        labels: { randint: { low: 0, high: 2, size: 24 } },
      },
      split: { testSize: 0.25 },
    },
    model: { layers },
    train: {
      loss: "binaryCrossentropy",
      optimizer: { name: "sgd", momentum: 0.9 },
      learningRate: 0.5,
      epochs: EPOCHS,
      batchSize: BATCH,
      shuffle: false,
      ...train,
    },
    seeds: { training: [7] },
  });
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets);
  return { bucket: plan.buckets[0], run: plan.runs[0], dataset: [...datasets.values()][0] };
}

/** Trains to the end; `hyper` replaces numbers of the plan. */
function trained(
  { bucket, run, dataset }: ReturnType<typeof planned>,
  hyper: Partial<Hyper> = {},
  epochs = EPOCHS,
): TrainingRun {
  const changed = { ...run, hyper: { ...run.hyper, ...hyper } };
  const training = referenceRun({ ...bucket, epochs }, changed, dataset, "float64");
  for (const _work of training.train());
  return training;
}

function takeRows(step: TrainStep, part: Part, first: number, count: number): void {
  step.inputs.set(part.x.subarray(first * 3, (first + count) * 3));
  step.labels.set(part.y.subarray(first, first + count));
}

test("draws go by the optimizer step, validation uses the moving statistics and no draws", () => {
  const schedule = { schedule: "cosine", initial: 0.5, decaySteps: 40 } as const;
  const setup = planned({ learningRate: schedule });
  const { bucket, run, dataset } = setup;
  const { network } = bucket;
  const { hyper, trainingSeed } = run;
  expect(dataset.train.rows).toBe(TRAIN_ROWS);
  const start = initialParameters(network, trainingSeed, hyper);
  const step = new TrainStep({ network, hyper, trainingSeed }, BATCH, start, "float64");
  const actual = trained(setup);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    let loss = 0;
    for (let first = 0; first < TRAIN_ROWS; first += BATCH) {
      const batch = Math.min(BATCH, TRAIN_ROWS - first);
      takeRows(step, dataset.train, first, batch);
      step.evaluate(batch, "training");
      loss += batch * step.loss;
      step.backward(batch);
      step.update();
    }
    expect(actual.signals.loss![epoch]).toBe(Math.fround(loss / TRAIN_ROWS));
  }
  // A network without noise, dropout and batch statistics, that is the affine map of the moving ones.
  const { parameters } = actual;
  expect(parameters).toEqual(step.parameters);
  const valLoss = meanLossByHand(parameters, dataset.test);
  expect(actual.signals.valLoss![EPOCHS - 1]).toBeCloseTo(valLoss, 6);
});

/** Inference of LAYERS written out; the parameters lie as in compile.test.ts and plan.ts. */
function meanLossByHand(parameters: ArrayLike<number>, part: Part): number {
  const flat = Array.from(parameters);
  const take = (count: number) => flat.splice(0, count);
  const [kernel, bias, alpha, gamma, beta] = [24, 8, 8, 8, 8].map(take);
  const [outKernel, outBias, mean, variance] = [8, 1, 8, 8].map(take);
  let sum = 0;
  for (let row = 0; row < part.rows; row++) {
    const x = part.x.subarray(row * 3, row * 3 + 3);
    let logit = outBias[0];
    for (let j = 0; j < 8; j++) {
      const z = bias[j] + x[0] * kernel[j] + x[1] * kernel[8 + j] + x[2] * kernel[16 + j];
      const a = z > 0 ? z : alpha[j] * z;
      const normalized = (a - mean[j]) / Math.sqrt(variance[j] + 1e-3);
      logit += outKernel[j] * (gamma[j] * normalized + beta[j]);
    }
    sum += Math.log1p(Math.exp(part.y[row] === 1 ? -logit : logit));
  }
  return sum / part.rows;
}

test("two runs are equal, and validation leaves the training alone", () => {
  const setup = planned({ shuffle: true });
  const none: Part = { rows: 0, x: new Float32Array(0), y: new Float32Array(0) };
  const withoutTest: Dataset = { ...setup.dataset, test: none };
  const first = trained(setup);
  expect(trained(setup).signals).toEqual(first.signals);
  const alone = trained({ ...setup, dataset: withoutTest });
  expect(alone.parameters).toEqual(first.parameters);
  expect(alone.signals.loss).toEqual(first.signals.loss);
});

test("class weights count in the training loss and not in validation", () => {
  const layers = [{ units: 1, activation: "sigmoid" }] as const;
  const still = { learningRate: 1e-30 };
  const plain = trained(planned(still, [...layers])).signals;
  const doubled = trained(
    planned({ ...still, classWeight: { "0": 2, "1": 2 } }, [...layers]),
  ).signals;
  expect(doubled.loss).toEqual(plain.loss!.map((loss) => 2 * loss));
  expect(doubled.valLoss).toEqual(plain.valLoss);
  expect(doubled.accuracy).toEqual(plain.accuracy);
});

test("sample weights count in training and validation, in the loss and in no accuracy", () => {
  const layers = [{ units: 1, activation: "sigmoid" }] as const;
  const setup = planned({ learningRate: 1e-30 }, [...layers]);
  const { train, test } = setup.dataset;
  const weights = (part: Part) => Float32Array.from({ length: part.rows }, (_, i) => i % 3);
  const weighted = (part: Part) => ({ ...part, sampleWeight: weights(part) });
  const plain = trained(setup).signals;
  const actual = trained({
    ...setup,
    bucket: { ...setup.bucket, network: { ...setup.bucket.network, sampleWeight: true } },
    dataset: { ...setup.dataset, train: weighted(train), test: weighted(test) },
  });
  const start = Float64Array.from(actual.parameters);
  expect(actual.signals.loss![0]).toBeCloseTo(weightedLoss(start, train, weights(train)), 6);
  expect(actual.signals.valLoss![0]).toBeCloseTo(weightedLoss(start, test, weights(test)), 6);
  expect(actual.signals.accuracy).toEqual(plain.accuracy);
  expect(actual.signals.valAccuracy).toEqual(plain.valAccuracy);
});

/** Of a sigmoid unit: the sum of weight times loss over the number of rows, as Keras reduces it. */
function weightedLoss(w: Float64Array, { x, y, rows }: Part, weights: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const z = w[0] * x[3 * i] + w[1] * x[3 * i + 1] + w[2] * x[3 * i + 2] + w[3];
    sum += weights[i] * Math.log(1 + Math.exp(y[i] === 1 ? -z : z));
  }
  return sum / rows;
}

const STOPPING = { monitor: "valLoss", patience: 2, minDelta: 0, restoreBest: true } as const;

test("early stopping ends a run as complete, with the weights of its best epoch", () => {
  const setup = planned();
  const full = trained(setup);
  const stopped = trained(setup, { earlyStopping: STOPPING });
  const { epochs, signals, steps, status } = stopped;
  expect(status).toBe("complete");
  expect(epochs).toBeLessThan(EPOCHS);
  expect(steps).toBe(epochs * Math.ceil(TRAIN_ROWS / BATCH));
  const losses = [...signals.valLoss!.subarray(0, epochs)];
  expect(losses).toEqual([...full.signals.valLoss!.subarray(0, epochs)]);
  const best = losses.indexOf(Math.min(...losses));
  expect(best).toBe(epochs - 3);
  expect(stopped.parameters).toEqual(trained(setup, {}, best + 1).parameters);
  const unrestored = trained(setup, { earlyStopping: { ...STOPPING, restoreBest: false } });
  expect(unrestored.parameters).toEqual(trained(setup, {}, epochs).parameters);
});

test("the best weights are restored also where no early stop came", () => {
  const setup = planned();
  const patient = trained(setup, { earlyStopping: { ...STOPPING, patience: EPOCHS } });
  expect(patient.epochs).toBe(EPOCHS);
  const losses = [...patient.signals.valLoss!];
  const best = losses.indexOf(Math.min(...losses));
  expect(best).toBeLessThan(EPOCHS - 1);
  expect(patient.parameters).toEqual(trained(setup, {}, best + 1).parameters);
});

test("a callback whose signal is not measured does nothing", () => {
  const setup = planned();
  const none: Part = { rows: 0, x: new Float32Array(0), y: new Float32Array(0) };
  const blind = { ...setup, dataset: { ...setup.dataset, test: none } };
  const plain = trained(blind);
  const watched = trained(blind, { earlyStopping: { ...STOPPING, patience: 0 } });
  expect(watched.epochs).toBe(EPOCHS);
  expect(watched.parameters).toEqual(plain.parameters);
});

test("reduce-on-plateau lowers the rate from the next epoch on", () => {
  const setup = planned();
  const plateau = {
    monitor: "valLoss",
    factor: 0.5,
    patience: 1,
    minDelta: 0.01,
    cooldown: 1,
    minLearningRate: 0.06,
  } as const;
  const reduced = trained(setup, { reduceOnPlateau: plateau });
  // The same rates as a table of steps: what the callback does, told from the curve it saw.
  const stepsPerEpoch = Math.ceil(TRAIN_ROWS / BATCH);
  const rates: number[] = [];
  let rate = 0.5;
  let best = Number.POSITIVE_INFINITY;
  let cooldown = 0;
  for (const value of reduced.signals.valLoss!) {
    for (let step = 0; step < stepsPerEpoch; step++) rates.push(rate);
    const isCool = cooldown-- <= 1;
    if (value < best - 0.01) best = value;
    else if (isCool && rate > 0.06) {
      rate = Math.max(rate / 2, 0.06);
      cooldown = 1;
    }
  }
  expect(rate).toBeLessThan(0.5);
  const told = trained(setup, { learningRates: Float64Array.from(rates) as never });
  expect(reduced.signals).toEqual(told.signals);
  expect(reduced.signals.loss).not.toEqual(trained(setup).signals.loss);
});

test("of each part as many epochs are evaluated as are read, and it is the same network", () => {
  const signals = ["inferenceLoss", "inferenceAccuracy"] as const;
  const plan = planned();
  const bucket = { ...plan.bucket, probes: { signals, everySteps: 1, everyEpochs: 1 } };
  const whole = trained({ ...plan, bucket });
  const some = trained({ ...plan, bucket: { ...bucket, evaluates: { training: 3, test: 1 } } });
  expect(some.parameters).toEqual(whole.parameters);
  expect(some.signals.loss).toEqual(whole.signals.loss);
  const read = { valLoss: 1, valAccuracy: 1, inferenceLoss: 3, inferenceAccuracy: 3 };
  for (const [signal, epochs] of Object.entries(read) as [keyof typeof read, number][]) {
    expect(some.signals[signal]!.slice(-epochs)).toEqual(whole.signals[signal]!.slice(-epochs));
    const others = [...some.signals[signal]!.slice(0, -epochs)];
    expect(others).toEqual(Array(EPOCHS - epochs).fill(Number.NaN));
  }
});

test("a run that may stop at any epoch is evaluated after each", () => {
  const stopping = planned({ earlyStopping: { monitor: "valLoss", patience: 1 } });
  const end = trained({ ...stopping, bucket: { ...stopping.bucket, evaluates: { test: 1 } } });
  expect(end.epochs).toBe(trained(stopping).epochs);
  expect(end.signals.valLoss!.slice(0, end.epochs).every(Number.isFinite)).toBe(true);
});
