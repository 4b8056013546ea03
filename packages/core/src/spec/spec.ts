// The experiment as its author writes it: one data source, one network, how it is trained, over
// which seeds, in which variants, and what is claimed about them.
//
// Names are those of TensorFlow.js layers and defaults are Keras's. The schema is the single
// source: the types, the parser's messages and the JSON Schema for editors all come from it.

import { z } from "zod";
import { layerSchema } from "./layers.ts";
import { type LearningRate, learningRateSchema } from "./learning-rate-schedule.ts";
import { optimizerSchema } from "./optimizers.ts";
import { probesSchema } from "./probes.ts";

export const LOSSES = [
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "binaryFocalCrossentropy",
  "categoricalFocalCrossentropy",
  "hinge",
  "meanSquaredError",
  "meanAbsoluteError",
] as const;

export const METRICS = ["loss", "accuracy", "valLoss", "valAccuracy"] as const;

/** What a loss curve can do; each is defined in claims/behaviors.ts. */
export const BEHAVIORS = ["diverges", "oscillates", "stillFalling", "stuck", "converges"] as const;

export const PREPROCESS_STEPS = [
  "imputeMean",
  "imputeMedian",
  "signedLog",
  "standardize",
  "minMax",
] as const;

const positiveInt = z.int().positive();
const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

const numpyFeatures = z.union([
  z.strictObject({ rand: z.tuple([positiveInt, positiveInt]) }),
  z.strictObject({ randn: z.tuple([positiveInt, positiveInt]) }),
  z.strictObject({
    uniform: z.strictObject({
      low: z.number(),
      high: z.number(),
      size: z.tuple([positiveInt, positiveInt]),
    }),
  }),
]);

const inlineSource = z.strictObject({
  kind: z.literal("inline"),
  /** One array of numbers per row. */
  rows: z.array(z.array(z.union([z.number(), z.nan(), z.null()]))),
  /** One label per row: class names or class numbers. */
  labels: z.array(z.union([z.string(), z.number()])),
  /** Keras's `sample_weight`: one number per row, what its loss is multiplied by; absent: all 1. */
  sampleWeight: z.array(z.union([z.number(), z.nan(), z.null()])).optional(),
  columns: z.array(z.string()).optional(),
});

const numpySource = z.strictObject({
  kind: z.literal("numpy"),
  /** np.random.seed(seed), then features, then labels are drawn from the one generator. */
  seed: seed.default(42),
  features: numpyFeatures,
  labels: z.strictObject({
    randint: z.strictObject({ low: z.int(), high: z.int(), size: positiveInt }),
  }),
});

const dataSchema = z.strictObject({
  source: z.discriminatedUnion("kind", [inlineSource, numpySource]),
  /** Absent: the network trains on every row and there is no validation. */
  split: z
    .strictObject({
      testSize: z.number().gt(0).lt(1),
      randomState: seed.default(42),
      stratify: z.boolean().default(false),
      /** False: the last rows are the test part, as in Keras's `validation_split`. Absent: true. */
      shuffle: z.boolean().optional(),
    })
    .optional(),
  /** Columns that are left out, by name. */
  drop: z.array(z.string()).optional(),
  /** Numbers that stand for a missing value, such as -999. */
  missingValues: z.array(z.number()).optional(),
  /**
   * "names": classes are numbered in sorted order. "indices": a label is its class's index, as
   * Keras reads it, so labels 1 .. 3 need outputs 0 .. 3. Absent: names.
   */
  labels: z.enum(["names", "indices"]).optional(),
  /** Applied in this order; a cell that is still missing reaches the network as NaN. */
  preprocess: z.array(z.enum(PREPROCESS_STEPS)).default([]),
  /**
   * The rows that steps are fitted on: the training part (when absent), all rows, or each part by
   * itself. The last two are mistakes that people make; lint names them.
   */
  fitOn: z.enum(["train", "all", "each"]).optional(),
});

/** Keras's default learning rate of each optimizer. */
export const DEFAULT_LEARNING_RATE = {
  sgd: 0.01,
  adam: 0.001,
  adamw: 0.001,
  nadam: 0.001,
  adamax: 0.001,
  rmsprop: 0.001,
  adagrad: 0.001,
  adadelta: 0.001,
  lion: 0.001,
} as const;

const modelSchema = z.strictObject({
  layers: z
    .array(layerSchema)
    .min(1)
    .max(200)
    .refine((layers) => layers.some((layer) => layer.type === "dense"), {
      message: "needs at least one dense layer",
    }),
});

const nonNegative = z.number().min(0);

const lossSchema = z.preprocess(
  (value) => (typeof value === "string" ? { name: value } : value),
  z.strictObject({
    name: z.enum(LOSSES),
    /** The head's output is to be read as logits, whatever its activation. */
    fromLogits: z.boolean().default(false),
    labelSmoothing: z.number().min(0).max(1).default(0),
    /** Of the focal losses. */
    gamma: nonNegative.default(2),
    alpha: z.number().min(0).max(1).default(0.25),
    applyClassBalancing: z.boolean().default(false),
  }),
);

const earlyStopping = z.strictObject({
  monitor: z.enum(METRICS).default("valLoss"),
  patience: z.int().min(0).default(0),
  minDelta: nonNegative.default(0),
  restoreBest: z.boolean().default(false),
});

const reduceOnPlateau = z.strictObject({
  monitor: z.enum(METRICS).default("valLoss"),
  factor: z.number().gt(0).lt(1).default(0.1),
  patience: z.int().min(0).default(10),
  minDelta: nonNegative.default(1e-4),
  cooldown: z.int().min(0).default(0),
  minLearningRate: nonNegative.default(0),
});

const trainSchema = z.strictObject({
  /** A name, or an object with the settings. */
  loss: lossSchema,
  /** A name for Keras's defaults, or an object with the settings. */
  optimizer: optimizerSchema.prefault("adam"),
  /** A number or a schedule. Absent: Keras's default for the optimizer. */
  learningRate: learningRateSchema.optional(),
  epochs: z.int().min(1).max(1_000_000),
  batchSize: z.int().min(1).max(4096).default(32),
  shuffle: z.boolean().default(true),
  /** Weight of each class in the loss, by class name. */
  classWeight: z.record(z.string(), nonNegative).optional(),
  earlyStopping: earlyStopping.optional(),
  reduceOnPlateau: reduceOnPlateau.optional(),
});

const seedList = z.union([positiveInt, z.array(seed).min(1)]);

const seedsSchema = z.strictObject({
  /** A count n (seeds 0 .. n-1) or the seeds: initial weights and batch order. */
  training: seedList.default(20),
  /** A count n or the offsets added to the seeds of generator and split; offset 0 is the data as written. */
  data: seedList.default(1),
});

const metricExpectation = z.strictObject({
  metric: z.enum(METRICS),
  variant: z.string(),
  is: z.enum(["lower", "higher"]),
  /** A variant, or "others": every other variant in turn. */
  than: z.string(),
});

const behaviorExpectation = z.strictObject({
  variant: z.string(),
  /** A run counts when it does any of these. */
  behaves: z.array(z.enum(BEHAVIORS)).min(1),
  /** The share of runs that the claim says is exceeded. */
  inMoreThan: z.number().min(0).lt(1).default(0.5),
});

const claimSchema = z.strictObject({
  text: z.string().min(1),
  /** All must hold. */
  expect: z.array(z.union([metricExpectation, behaviorExpectation])).min(1),
});

export const specSchema = z.strictObject({
  version: z.literal(1).default(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, "use letters, digits, '.', '_' and '-'"),
  title: z.string().optional(),
  data: dataSchema,
  model: modelSchema,
  train: trainSchema,
  seeds: seedsSchema.default({ training: 20, data: 1 }),
  /** Each variant is a partial spec merged over data, model and train; arrays are replaced whole. */
  variants: z
    .record(
      z.string(),
      z.strictObject({
        data: z.record(z.string(), z.unknown()).optional(),
        model: z.record(z.string(), z.unknown()).optional(),
        train: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default({}),
  claims: z.array(claimSchema).default([]),
  /** What is measured beside loss and accuracy: "all", or names of docs/probes.md. */
  probes: probesSchema.optional(),
});

/** A spec with every default filled in. */
export type Spec = z.infer<typeof specSchema>;
/** A spec as written, defaults still absent. */
export type SpecInput = z.input<typeof specSchema>;
export type DataSpec = Spec["data"];
export type ModelSpec = Spec["model"];
export type TrainSpec = Spec["train"];
export type LayerSpec = ModelSpec["layers"][number];
export type DenseLayerSpec = Extract<LayerSpec, { type: "dense" }>;
export type OptimizerSpec = TrainSpec["optimizer"];
export type ClaimSpec = Spec["claims"][number];
export type Expectation = ClaimSpec["expect"][number];
export type MetricExpectation = z.infer<typeof metricExpectation>;
export type BehaviorExpectation = z.infer<typeof behaviorExpectation>;
export type Loss = (typeof LOSSES)[number];
export type Metric = (typeof METRICS)[number];
export type { Activation } from "./activations.ts";
export type { Initializer } from "./initializers.ts";
export type Behavior = (typeof BEHAVIORS)[number];

/** One network with its data and training, after merging a variant over the spec. */
export interface Variant {
  readonly name: string;
  readonly data: DataSpec;
  readonly model: ModelSpec;
  readonly train: TrainSpec & { readonly learningRate: LearningRate };
}

/** The schemas of the three parts that a variant may change. */
export const variantSchema = z.strictObject({
  data: dataSchema,
  model: modelSchema,
  train: trainSchema,
});
