// A benchmark case as the source of a spec, as it stands or with a list of changes made. Words are
// translated, not judged: what no spec can say is for `parseSpec` to refuse.

import { type BenchmarkCase, type BenchmarkFile, UnsupportedCase } from "./benchmark-case.ts";
import { drawCaseData } from "./draw-case-data.ts";

export type Changes = Readonly<BenchmarkCase["fix"]>;

/**
 * What `parseSpec` takes.
 *
 * @throws UnsupportedCase when the case's data or one of its words has no counterpart here.
 */
export function caseSpec(written: BenchmarkCase, generators: BenchmarkFile["generators"]): unknown {
  const { rows, labels, columns, testRows } = drawCaseData(written.data, generators);
  const { lr, decay = 0, ...optimizer } = written.optimizer;
  return {
    name: written.id,
    title: written.title,
    data: {
      source: { kind: "inline", rows, labels, columns },
      ...(testRows > 0 ? { split: { testSize: testRows, shuffle: false } } : {}),
      preprocess: preprocessing(written.preprocess),
    },
    model: {
      layers: [...written.layers, written.output].flatMap((layer) => layersOf(layer, written)),
    },
    train: {
      loss: translated(LOSSES, written.loss, "loss"),
      // Keras 2's Adagrad, which these programs used, starts its accumulator at 0.
      optimizer: {
        ...(optimizer.name === "adagrad" ? { initialAccumulator: 0 } : {}),
        ...optimizer,
      },
      // Keras 2's `decay`.
      learningRate:
        decay === 0
          ? lr
          : { schedule: "inverseTime", initial: lr, decaySteps: 1, decayRate: decay },
      epochs: written.epochs,
      batchSize: written.batch,
    },
  };
}

/** The case with changes such as `{set: "layers.*.activation", value: "relu"}` made. */
export function withChanges(written: BenchmarkCase, changes: Changes): BenchmarkCase {
  return changes.reduce<unknown>(
    (changed, { set, value }) => withValueAt(changed, set.split("."), value),
    written,
  ) as BenchmarkCase;
}

/** A copy of a value in which another stands at a path; `*` is every item of a list. */
function withValueAt(target: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (key === "*") return (target as unknown[]).map((item) => withValueAt(item, rest, value));
  const fields = (target ?? {}) as Record<string, unknown>;
  return { ...fields, [key]: withValueAt(fields[key], rest, value) };
}

function layersOf(
  {
    units,
    activation,
    init,
    dropoutAfter = 0,
    bnAfter = false,
    bias = true,
  }: BenchmarkCase["output"],
  { regularizer }: BenchmarkCase,
): unknown[] {
  const dense = {
    units,
    activation,
    useBias: bias,
    kernelInitializer: translated(INITIALIZERS, init, "initializer"),
    kernelRegularizer: regularizer ?? {},
  };
  return [
    dense,
    ...(bnAfter ? [{ type: "batchNormalization" }] : []),
    ...(dropoutAfter > 0 ? [{ type: "dropout", rate: dropoutAfter }] : []),
  ];
}

const LOSSES: Record<string, unknown> = {
  binary_crossentropy: "binaryCrossentropy",
  categorical_crossentropy: "categoricalCrossentropy",
  categorical_crossentropy_from_logits: { name: "categoricalCrossentropy", fromLogits: true },
  mse: "meanSquaredError",
  mae: "meanAbsoluteError",
};

const INITIALIZERS: Record<string, unknown> = {
  glorot_uniform: "glorotUniform",
  glorot_normal: "glorotNormal",
  he_uniform: "heUniform",
  he_normal: "heNormal",
  lecun_uniform: "leCunUniform",
  lecun_normal: "leCunNormal",
  zeros: "zeros",
  ones: "ones",
  uniform05: "randomUniform",
  normal05: "randomNormal",
  truncnormal_he: "heNormal",
  "truncnormal0.5": { name: "truncatedNormal", stddev: 0.5 },
};

function preprocessing(words: string | null | undefined): unknown[] {
  const steps = words ? words.split("+") : [];
  return steps.map((step) => translated(PREPROCESSING, step, "preprocessing"));
}

const PREPROCESSING: Record<string, unknown> = { standardize: "standardize", minmax: "minMax" };

function translated(words: Record<string, unknown>, word: string, kind: string): unknown {
  const here = words[word];
  if (here === undefined) throw new UnsupportedCase(`${kind} ${word}`);
  return here;
}
