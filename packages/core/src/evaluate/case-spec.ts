// A benchmark case as the source of a spec, as it stands or with a list of changes made. Words are
// translated, not judged: what no spec can say is for `parseSpec` to refuse.

import {
  type BenchmarkCase,
  type BenchmarkCaseInput,
  type BenchmarkFile,
  UnsupportedCase,
} from "./benchmark-case.ts";
import { type CaseRows, drawCaseData } from "./draw-case-data.ts";

export type Changes = Readonly<BenchmarkCase["fix"]>;

export interface CaseSpecOptions {
  /** Added to every seed of the rows; 0, the default: the rows as the case has them. */
  readonly offset?: number;
  /**
   * What the network is judged on. "training": the training rows once more stand in the place of the
   * test part, so that validation metrics are those of the finished network on its training rows.
   */
  readonly judgedOn?: "test" | "training";
}

/**
 * What `parseSpec` takes.
 *
 * @throws UnsupportedCase when the case's data or one of its words has no counterpart here.
 */
export function caseSpec(
  written: BenchmarkCase,
  generators: BenchmarkFile["generators"],
  { offset = 0, judgedOn = "test" }: CaseSpecOptions = {},
): unknown {
  const drawn = drawCaseData(written.data, { generators, offset });
  const { rows, labels, columns, testRows } = judgedOn === "test" ? drawn : twice(drawn);
  const { lr, decay = 0 } = written.optimizer;
  return {
    name: written.id.replace(/[^a-z0-9._-]/gi, "-"),
    title: written.title,
    data: {
      source: { kind: "inline", rows, labels, columns },
      ...(testRows > 0 ? { split: { testSize: testRows, shuffle: false } } : {}),
      ...(written.data.target === "int" ? { labels: "indices" } : {}),
      ...preprocessing(written),
    },
    model: {
      layers: [...written.layers, written.output].flatMap((layer) => layersOf(layer, written)),
    },
    train: {
      loss: translated(LOSSES, written.loss, "loss"),
      optimizer: optimizerOf(written.optimizer),
      // Keras 2's `decay`.
      learningRate:
        decay === 0
          ? lr
          : { schedule: "inverseTime", initial: lr, decaySteps: 1, decayRate: decay },
      epochs: written.epochs,
      // A spec's batches end at 4096.
      batchSize: Math.min(written.batch, 4096),
      ...(written.shuffle ? {} : { shuffle: false }),
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

/** The case at the sizes of its file's own check, which its numbers belong to. */
export function atCheckScale(written: BenchmarkCase): BenchmarkCase {
  const changes = Object.entries(written.checkScale ?? {}).flatMap(([name, value]) => {
    if (name === "skip") return [];
    if (name === "epochs" || name === "batch") return [{ set: name, value }];
    if (name === "n" && written.data.n !== undefined) return [{ set: "data.n", value }];
    return [{ set: `data.params.${name}`, value }];
  });
  return withChanges(written, changes);
}

/** A copy of a value in which another stands at a path; `*` is every item of a list. */
function withValueAt(target: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (key === "*") return (target as unknown[]).map((item) => withValueAt(item, rest, value));
  const fields = (target ?? {}) as Record<string, unknown>;
  return { ...fields, [key]: withValueAt(fields[key], rest, value) };
}

/** The training rows, and the same rows as the test part. */
function twice({ columns, rows, labels, testRows }: CaseRows): CaseRows {
  const end = rows.length - testRows;
  const [x, y] = [rows.slice(0, end), labels.slice(0, end)];
  return { columns, rows: [...x, ...x], labels: [...y, ...y], testRows: end };
}

function layersOf(
  {
    units,
    activation = "linear",
    init = "glorot_uniform",
    dropoutAfter = 0,
    bnAfter = false,
    bnMomentum = 0.99,
    bias = true,
  }: BenchmarkCaseInput["output"],
  { regularizer }: BenchmarkCase,
): unknown[] {
  const { l1 = 0, l2 = 0 } = (regularizer ?? {}) as { l1?: number; l2?: number };
  const dense = {
    units,
    activation: ACTIVATIONS[activation] ?? activation,
    useBias: bias,
    kernelInitializer: initializerOf(init),
    kernelRegularizer: { l1, l2 },
  };
  return [
    dense,
    ...(bnAfter ? [{ type: "batchNormalization", momentum: bnMomentum }] : []),
    ...(dropoutAfter > 0 ? [{ type: "dropout", rate: dropoutAfter }] : []),
  ];
}

function optimizerOf({ name, momentum, nesterov }: BenchmarkCase["optimizer"]): unknown {
  return {
    name: name.toLowerCase(),
    // Keras 2's Adagrad, which these programs used, starts its accumulator at 0.
    ...(name.toLowerCase() === "adagrad" ? { initialAccumulator: 0 } : {}),
    ...(momentum === undefined ? {} : { momentum }),
    ...(nesterov === undefined ? {} : { nesterov }),
  };
}

/** Keras's names that are other than TensorFlow.js's. */
const ACTIVATIONS: Record<string, string> = {
  leaky_relu: "leakyReLU",
  hard_sigmoid: "hardSigmoid",
  silu: "swish",
};

const LOSSES: Record<string, unknown> = {
  binary_crossentropy: "binaryCrossentropy",
  binary_crossentropy_from_logits: { name: "binaryCrossentropy", fromLogits: true },
  categorical_crossentropy: "categoricalCrossentropy",
  categorical_crossentropy_from_logits: { name: "categoricalCrossentropy", fromLogits: true },
  sparse_categorical_crossentropy: "sparseCategoricalCrossentropy",
  sparse_categorical_crossentropy_from_logits: {
    name: "sparseCategoricalCrossentropy",
    fromLogits: true,
  },
  hinge: "hinge",
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
  truncnormal_he: "heNormal",
  // No word of Keras's: every weight below 0, so that a ReLU over positive inputs is dead.
  negative_uniform: { name: "randomUniform", minval: -0.5, maxval: 0 },
};

/** By name, or by name and width: uniform05 is +-0.05, normal05 and truncnormal0.5 have that sd. */
function initializerOf(word: string): unknown {
  const [, name, digits] = /^(uniform|normal|truncnormal)(\d.*)$/.exec(word) ?? [];
  if (name === undefined) return translated(INITIALIZERS, word, "initializer");
  const width = Number(digits.includes(".") ? digits : digits.replace(/^0/, "0.0"));
  if (Number.isNaN(width)) throw new UnsupportedCase(`initializer ${word}`);
  if (name === "uniform") return { name: "randomUniform", minval: -width, maxval: width };
  return { name: name === "normal" ? "randomNormal" : "truncatedNormal", stddev: width };
}

/** Steps, and the number that stands for a missing value where a step names it. */
function preprocessing({ preprocess, data }: BenchmarkCase): object {
  const words = preprocess ? preprocess.split("+") : [];
  const { sentinel = -999 } = (typeof data.params === "object" ? data.params : {}) as {
    sentinel?: number;
  };
  return {
    preprocess: words.map((word) => translated(PREPROCESSING, word, "preprocessing")),
    ...(words.includes("sentinel_to_mean") ? { missingValues: [sentinel] } : {}),
  };
}

const PREPROCESSING: Record<string, unknown> = {
  standardize: "standardize",
  minmax: "minMax",
  impute_mean: "imputeMean",
  impute_median: "imputeMedian",
  sentinel_to_mean: "imputeMean",
  signedlog: "signedLog",
};

function translated(words: Record<string, unknown>, word: string, kind: string): unknown {
  const here = words[word];
  if (here === undefined) throw new UnsupportedCase(`${kind} ${word}`);
  return here;
}
