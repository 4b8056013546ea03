// A sweep in the vocabulary of Weights & Biases as variants of a spec: each combination of its
// parameters is one. A grid is taken whole; random and bayes are drawn, by a seed that stays.

import { uniformAt } from "../shared/random.ts";
import { pythonName } from "../spec/keras-names.ts";
import { OPTIMIZERS, optimizerSchema } from "../spec/optimizers.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import { LOSSES, type Spec } from "../spec/spec.ts";
import { unreadable, unsupported } from "./errors.ts";
import { type Fields, isFields, letters, shown, wordFinder, wordOr } from "./keras-objects.ts";
import { activationOf } from "./keras-settings.ts";

export interface SweepVariants {
  readonly variants: Readonly<Record<string, SpecPatch>>;
  /** What counts for nothing, a sentence each. */
  readonly notes: readonly string[];
}

export function isSweep(source: unknown): source is Fields {
  return isFields(source) && isFields(source.parameters) && typeof source.method === "string";
}

/** More are no comparison that anyone reads. */
const MOST_VARIANTS = 512;

/** Draws of a sweep that does not say run_cap. */
const USUAL_DRAWS = 20;

/**
 * @param base What the variants are variants of: a patch replaces its list of layers whole.
 * @throws ModelError that names the parameter which a spec cannot say.
 */
export function sweepVariants(sweep: Fields, base: Spec, file: string): SweepVariants {
  const parameters = Object.entries(sweep.parameters as Fields).map(([name, written]) =>
    parameterOf(name, written, file),
  );
  const notes: string[] = [];
  const isGrid = sweep.method === "grid";
  if (!isGrid && sweep.method !== "random" && sweep.method !== "bayes") {
    throw unsupported(file, `method is ${shown(sweep.method)}; it must be grid, random or bayes.`);
  }
  if (sweep.method === "bayes")
    notes.push("bayes is drawn at random here: all variants run at once.");
  const combinations = isGrid ? grid(parameters, file) : draws(parameters, sweep.run_cap);
  if (combinations.length > MOST_VARIANTS) {
    throw unsupported(
      file,
      `it has ${combinations.length} combinations, and ${MOST_VARIANTS} variants are compared at most; take values out, or draw some with method: random and run_cap.`,
    );
  }
  const varied = parameters.filter(({ values }) => values === undefined || values.length > 1);
  const named = combinations.map((values) => {
    const shownOf = varied.length > 0 ? varied : parameters;
    const name = shownOf
      .map((parameter) => `${parameter.name}=${text(values[parameters.indexOf(parameter)])}`)
      .join(" ");
    return [name, patchOf(parameters, values, base, file)] as const;
  });
  return { variants: Object.fromEntries(named), notes };
}

interface Parameter {
  readonly name: string;
  /** Absent: a range. */
  readonly values?: readonly unknown[];
  readonly at?: (share: number) => number;
}

function parameterOf(name: string, written: unknown, file: string): Parameter {
  const { values, value, min, max, distribution, parameters } = isFields(written) ? written : {};
  if (parameters !== undefined) {
    throw unsupported(file, `parameter ${name} holds others; write each by itself.`);
  }
  if (Array.isArray(values) && values.length > 0) return { name, values };
  if (value !== undefined) return { name, values: [value] };
  if (typeof min !== "number" || typeof max !== "number" || !(min <= max)) {
    throw unreadable(
      file,
      `parameter ${name} has no values, no value, and no range from min to max.`,
    );
  }
  const kind = typeof distribution === "string" ? distribution : "uniform";
  if (/^(q_)?log_uniform_values$/.test(kind)) {
    if (min <= 0)
      throw unreadable(file, `parameter ${name} starts at ${min}; a logarithm needs more than 0.`);
    return { name, at: (share) => rounded(min * (max / min) ** share) };
  }
  if (!/^(q_|int_)?uniform$/.test(kind)) {
    throw unsupported(
      file,
      `parameter ${name} has the distribution ${kind}; uniform, int_uniform and log_uniform_values are drawn.`,
    );
  }
  // Weights & Biases draws whole numbers between whole numbers.
  const isWhole = kind === "int_uniform" || (Number.isInteger(min) && Number.isInteger(max));
  return {
    name,
    at: (share) =>
      isWhole ? min + Math.floor(share * (max - min + 1)) : rounded(min + share * (max - min)),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function grid(parameters: readonly Parameter[], file: string): unknown[][] {
  return parameters.reduce<unknown[][]>(
    (combinations, { name, values }) => {
      if (values === undefined) {
        throw unsupported(file, `parameter ${name} is a range; a grid needs values.`);
      }
      if (combinations.length * values.length > 100 * MOST_VARIANTS) {
        throw unsupported(file, `its grid has more than ${100 * MOST_VARIANTS} combinations.`);
      }
      return combinations.flatMap((before) => values.map((value) => [...before, value]));
    },
    [[]],
  );
}

function draws(parameters: readonly Parameter[], cap: unknown): unknown[][] {
  const count = typeof cap === "number" && cap >= 1 ? Math.floor(cap) : USUAL_DRAWS;
  return Array.from({ length: Math.min(count, MOST_VARIANTS + 1) }, (_, draw) =>
    parameters.map(({ values, at }, p) => {
      const share = uniformAt(0, 0, draw * parameters.length + p);
      return values === undefined ? at!(share) : values[Math.floor(share * values.length)];
    }),
  );
}

function text(value: unknown): string {
  return typeof value === "number" ? String(value) : shown(value);
}

const lossWord = wordFinder(LOSSES, { mse: "meanSquaredError", mae: "meanAbsoluteError" });
const optimizerWord = wordFinder(OPTIMIZERS);

type Training = Record<string, unknown>;

function patchOf(
  parameters: readonly Parameter[],
  values: readonly unknown[],
  base: Spec,
  file: string,
): SpecPatch {
  const train: Training = {};
  const optimizer: Training = {};
  let layers: readonly Fields[] | undefined;
  parameters.forEach(({ name }, i) => {
    const value = values[i];
    const key = letters(name);
    const plain = TRAINING.get(key);
    const fail = (says: string): never => {
      throw unsupported(file, `parameter ${name} ${says}`);
    };
    if (plain !== undefined) train[plain] = value;
    else if (key === "loss")
      train.loss = lossWord(wordOr(value, "")) ?? fail(`is ${shown(value)}.`);
    else if (key === "optimizer") {
      optimizer.name =
        optimizerWord(wordOr(value, "")) ?? fail(`is ${shown(value)}, no optimizer here.`);
    } else if (SETTINGS.has(key)) optimizer[SETTINGS.get(key)!] = value;
    else {
      layers = changedLayers(layers ?? (base.model.layers as readonly Fields[]), key, value, fail);
    }
  });
  if (Object.keys(optimizer).length > 0) train.optimizer = optimizer;
  return {
    ...(Object.keys(train).length > 0 ? { train } : {}),
    ...(layers === undefined ? {} : { model: { layers } }),
  };
}

const TRAINING: ReadonlyMap<string, string> = new Map([
  ["learningrate", "learningRate"],
  ["lr", "learningRate"],
  ["batchsize", "batchSize"],
  ["batch", "batchSize"],
  ["epochs", "epochs"],
  ["epoch", "epochs"],
  ["shuffle", "shuffle"],
]);

/** Settings of any optimizer, by the letters of Keras's names and of a spec's. */
const SETTINGS: ReadonlyMap<string, string> = new Map(
  OPTIMIZERS.flatMap((name) => Object.keys(optimizerSchema.parse(name)))
    .concat("clipNorm", "clipValue", "globalClipNorm")
    .filter((key) => key !== "name")
    .flatMap((key) => [[letters(key), key] as const, [letters(pythonName(key)), key] as const]),
);

/** The layers with another width, activation or rate of dropout, in all places but the head. */
function changedLayers(
  layers: readonly Fields[],
  key: string,
  value: unknown,
  fail: (says: string) => never,
): readonly Fields[] {
  const head = layers.findLastIndex(({ type }) => type === "dense");
  const change = (
    matches: (layer: Fields, i: number) => boolean,
    setting: Fields,
    none: string,
  ) => {
    if (!layers.some(matches)) return fail(none);
    return layers.map((layer, i) => (matches(layer, i) ? { ...layer, ...setting } : layer));
  };
  const isHidden = ({ type }: Fields, i: number) => type === "dense" && i < head;
  const noHidden = "is for hidden layers, and the spec has none.";
  if (/^(units|hidden(layer)?(size|units|dim)|fclayersize|layersize)$/.test(key)) {
    return change(isHidden, { units: value }, noHidden);
  }
  if (/^(hidden)?activation$/.test(key)) {
    const reader = { fail, note: () => {} };
    return change(isHidden, { activation: activationOf(value, reader) }, noHidden);
  }
  if (/^dropout(rate)?$/.test(key)) {
    const isDropout = ({ type }: Fields) => type === "dropout";
    return change(isDropout, { rate: value }, "is for dropout layers, and the spec has none.");
  }
  if (/^(l2|kernelregularizer|weightpenalty)$/.test(key)) {
    return change(isHidden, { kernelRegularizer: { l2: value } }, noHidden);
  }
  return fail(
    "is nothing that a spec can vary; it knows learning_rate, batch_size, epochs, shuffle, loss, optimizer and its settings, units, activation, dropout and l2.",
  );
}
