// Recorded training steps, as users and other frameworks write them, turned into replays and the
// numbers that they should give. The form is that of test-fixtures/reference/training-steps.json.

import * as z from "zod/mini";
import { hyperOf, networkOf } from "../compile/compile.ts";
import type { Network } from "../compile/plan.ts";
import { shapeWordsOf } from "../compile/words-of.ts";
import type { Replay, ReplayStep } from "../engine/engine.ts";
import { SpecError } from "../spec/errors.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import { DEFAULT_LEARNING_RATE, specSchema } from "../spec/spec.ts";
import { RecordingError, type RecordingProblem } from "./errors.ts";

export interface RecordedCase {
  readonly name: string;
  readonly replay: Replay;
  /** What each step should compute, in float64. */
  readonly expected: readonly ReplayStep[];
}

const positiveInt = z.int().check(z.positive());
const numbers = z.array(z.number());

const stepSchema = z.object({
  dataLoss: z.number(),
  regularizationLoss: z._default(z.number(), 0),
  logits: numbers,
  gradients: z.array(numbers),
  paramsAfter: z.array(numbers),
});

const caseSchema = z.object({
  name: z.string().check(z.minLength(1)),
  batch: positiveInt,
  inputs: positiveInt,
  /** The network in a spec's words; or in the short form of the next four. */
  model: z.optional(z.unknown()),
  train: z.optional(z.unknown()),
  layers: z.optional(z.array(z.record(z.string(), z.unknown()))),
  loss: z.optional(z.string()),
  optimizer: z.optional(
    z.looseObject({ learningRate: z.optional(z.number().check(z.positive())) }),
  ),
  /** Of every kernel, unless a layer has its own. */
  kernelRegularizer: z.optional(z.object({ l1: z.number(), l2: z.number() })),
  /** Of the masks and noises of stochastic operations. */
  trainingSeed: z._default(z.int().check(z.minimum(0)), 0),
  /** Number of classes, where class weights need it. */
  classes: z.optional(positiveInt),
  /** (batch, inputs), row-major. */
  X: numbers,
  /** (batch): class indices, or the values of a regression target. */
  y: numbers,
  /** (batch): what the loss of each row is multiplied by; absent: all 1. */
  sampleWeight: z.optional(numbers),
  /** Kernel, bias, kernel, bias ...; kernels (inputs, units) row-major. */
  initialParams: z.array(z.object({ shape: z.optional(z.array(z.int())), values: numbers })),
  steps: z.array(stepSchema).check(z.minLength(1)),
});

type WrittenCase = z.infer<typeof caseSchema>;

/** @throws RecordingError with every problem of every case. */
export function parseTrainingSteps(source: unknown): RecordedCase[] {
  const file = z.object({ cases: z.array(z.unknown()).check(z.minLength(1)) }).safeParse(source);
  if (!file.success) {
    throw new RecordingError([
      {
        where: "(file)",
        message: "holds no list `cases`; training steps are {cases: [{name, layers, steps, ...}]}.",
      },
    ]);
  }
  const problems: RecordingProblem[] = [];
  const cases = file.data.cases.flatMap((written, i) => {
    const where = `cases[${i}]`;
    const parsed = caseSchema.safeParse(written);
    if (parsed.success) return recordedCase(parsed.data, where, problems) ?? [];
    for (const { path, message } of schemaProblems(caseSchema, parsed.error, written)) {
      problems.push({ where: join(where, path), message });
    }
    return [];
  });
  if (problems.length > 0) throw new RecordingError(problems);
  return cases;
}

function recordedCase(
  written: WrittenCase,
  where: string,
  problems: RecordingProblem[],
): RecordedCase | undefined {
  const asWritten = networkAsWritten(written);
  const parsed = networkSchema.safeParse(asWritten, { reportInput: true });
  if (!parsed.success) {
    for (const { path, message } of schemaProblems(networkSchema, parsed.error, asWritten)) {
      // In the short form the parts of `model` and `train` stand in the case itself.
      const place = written.model === undefined ? path.slice(1) : path;
      problems.push({ where: join(where, place), message });
    }
    return undefined;
  }
  const { model, train } = parsed.data;
  const learningRate = train.learningRate ?? DEFAULT_LEARNING_RATE[train.optimizer.name];
  const variant = { model, train: { ...train, learningRate } };
  try {
    const net = networkOf(variant, written.inputs);
    const [shaped] = shapeWordsOf(net);
    if (shaped !== undefined) {
      const message = `has ${shaped}; docs/numerics.md has bounds for dense networks only.`;
      problems.push({ where, message });
      return undefined;
    }
    const before = problems.length;
    checkSizes(written, net, where, problems);
    if (problems.length > before) return undefined;
    return {
      name: written.name,
      replay: {
        network: written.sampleWeight ? { ...net, sampleWeight: true } : net,
        hyper: hyperOf(variant, {
          inputs: written.inputs,
          rows: written.batch,
          classes: Array.from({ length: written.classes ?? 2 }, (_, k) => String(k)),
        }),
        batch: written.batch,
        trainingSeed: written.trainingSeed,
        x: Float64Array.from(written.X),
        y: Float64Array.from(written.y),
        ...(written.sampleWeight ? { sampleWeight: Float64Array.from(written.sampleWeight) } : {}),
        parameters: Float64Array.from(written.initialParams.flatMap(({ values }) => values)),
        steps: written.steps.length,
      },
      expected: written.steps.map((step) => ({
        dataLoss: step.dataLoss,
        regularizationLoss: step.regularizationLoss,
        logits: Float64Array.from(step.logits),
        gradients: withoutMovingStatistics(step.gradients, net),
        parametersAfter: Float64Array.from(step.paramsAfter.flat()),
      })),
    };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    problems.push({ where, message: error.message });
    return undefined;
  }
}

const networkSchema = z.strictObject({
  model: specSchema.shape.model,
  train: specSchema.shape.train,
});

/** Both forms as the two parts of a spec. */
function networkAsWritten(written: WrittenCase): { model: unknown; train: unknown } {
  if (written.model !== undefined) return { model: written.model, train: written.train };
  const { layers, loss, kernelRegularizer, batch, steps } = written;
  const { learningRate, ...optimizer } = written.optimizer ?? {};
  return {
    model: {
      layers: layers?.map((layer) => (kernelRegularizer ? { kernelRegularizer, ...layer } : layer)),
    },
    train: {
      loss,
      optimizer,
      ...(learningRate === undefined ? {} : { learningRate }),
      epochs: steps.length,
      batchSize: batch,
    },
  };
}

/** Gradients flat in the order of the layout, in which moving statistics are last and have none. */
function withoutMovingStatistics(
  gradients: readonly number[][],
  { layout }: Network,
): Float64Array {
  const flat = new Float64Array(layout.size);
  flat.set(gradients.flat());
  return flat;
}

/** Every list as long as the network says; labels within the outputs of a categorical loss. */
function checkSizes(
  written: WrittenCase,
  { layers, layout, loss }: Network,
  where: string,
  problems: RecordingProblem[],
): void {
  const length = (what: string, found: number, expected: number, meaning: string) => {
    if (found === expected) return;
    problems.push({
      where: `${where}.${what}`,
      message: `has ${found} numbers; ${meaning} asks for ${expected}.`,
    });
  };
  const { batch, inputs, X, y, sampleWeight, initialParams, steps } = written;
  const outputs = layers[layers.length - 1].units;
  length("X", X.length, batch * inputs, `batch ${batch} x inputs ${inputs}`);
  length("y", y.length, batch, `batch ${batch}`);
  if (sampleWeight) length("sampleWeight", sampleWeight.length, batch, `batch ${batch}`);
  const parameters = "the network's parameters";
  const sizeOf = (lists: readonly (readonly number[])[]) =>
    lists.reduce((sum, list) => sum + list.length, 0);
  length("initialParams", sizeOf(initialParams.map((t) => t.values)), layout.size, parameters);
  steps.forEach((step, s) => {
    const at = `steps[${s}]`;
    length(
      `${at}.logits`,
      step.logits.length,
      batch * outputs,
      `batch ${batch} x ${outputs} units`,
    );
    length(`${at}.gradients`, sizeOf(step.gradients), layout.trainable, parameters);
    length(`${at}.paramsAfter`, sizeOf(step.paramsAfter), layout.size, parameters);
  });
  if (!/categorical/i.test(loss)) return;
  y.forEach((label, i) => {
    if (Number.isInteger(label) && label >= 0 && label < outputs) return;
    problems.push({
      where: `${where}.y[${i}]`,
      message: `is ${label}; a label must be a class index from 0 to ${outputs - 1}.`,
    });
  });
}

function join(where: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`),
    where,
  );
}
