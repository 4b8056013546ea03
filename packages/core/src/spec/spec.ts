// The experiment as its author writes it: one data source, one network, how it is trained, over
// which seeds, in which variants, and what is claimed about them.
//
// Names are those of TensorFlow.js layers and defaults are Keras's. The schema is the single
// source: the types, the parser's messages and the JSON Schema for editors all come from it.

import * as z from "zod";
import { DEFAULT_SEEDS } from "./default-seeds.ts";
import { initialWeightsSchema } from "./initial-weights.ts";
import { layerSchema } from "./layers.ts";
import { type LearningRate, learningRateSchema } from "./learning-rate-schedule.ts";
import { METRICS, type Metric } from "./metrics.ts";
import { optimizerSchema } from "./optimizers.ts";
import { preprocessStep } from "./preprocess-steps.ts";
import { probesSchema } from "./probes.ts";
import { named } from "./shorthand.ts";
import { tableSource } from "./table-source.ts";
import { LOSSES } from "./words.ts";

export { type Activation, DEFAULT_LEARNING_RATE, LOSSES, type Loss } from "./words.ts";
export { METRICS, type Metric };

/** What a loss curve can do; each is defined in claims/behaviors.ts. */
export const BEHAVIORS = ["diverges", "oscillates", "stillFalling", "stuck", "converges"] as const;

const positiveInt = z.int().positive();
const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

const size = z
  .tuple([positiveInt, positiveInt])
  .describe("Rows and columns; every number is even in [0, 1).");

const numpyFeatures = z.union([
  z.strictObject({ rand: size }),
  z.strictObject({
    randn: size.describe("Rows and columns; every number is standard normal."),
  }),
  z.strictObject({
    uniform: z
      .strictObject({
        low: z.number().describe("The least number."),
        high: z.number().describe("What all numbers stay below."),
        size: size.describe("Rows and columns."),
      })
      .describe("Numbers even in [low, high), as np.random.uniform draws them."),
  }),
]);

const inlineSource = z.strictObject({
  kind: z.literal("inline").describe("The rows stand in the spec."),
  rows: z
    .array(z.array(z.union([z.number(), z.nan(), z.null()])))
    .describe("One list of numbers per row, one number per feature (Keras: x)."),
  labels: z
    .array(z.union([z.string(), z.number()]))
    .describe("One label per row: class names or class numbers (Keras: y)."),
  sampleWeight: z
    .array(z.union([z.number(), z.nan(), z.null()]))
    .optional()
    .describe(
      "One number per row, at least 0: what its loss is multiplied by (Keras: sample_weight). Absent: all 1.",
    ),
  groups: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .describe(
      "One per row: rows of one group are never on both sides of a split. Absent: every row stands alone.",
    ),
  columns: z
    .array(z.string())
    .optional()
    .describe("Names of the features, in the order of a row. Absent: x0, x1, ..."),
});

const numpySource = z.strictObject({
  kind: z.literal("numpy").describe("Rows as NumPy's legacy generator draws them, bit for bit."),
  seed: seed
    .default(42)
    .describe("np.random.seed(seed); features, then labels are drawn from that one generator."),
  features: numpyFeatures.describe("How the features are drawn: np.random.rand, randn or uniform."),
  labels: z
    .strictObject({
      randint: z
        .strictObject({
          low: z.int().describe("The least class number."),
          high: z.int().describe("What all class numbers stay below."),
          size: positiveInt.describe("Number of rows."),
        })
        .describe("Class numbers as np.random.randint draws them."),
    })
    .describe("How the labels are drawn, after the features."),
});

const dataSchema = z.strictObject({
  source: z
    .discriminatedUnion("kind", [inlineSource, numpySource, tableSource])
    .describe("Where the rows come from."),
  split: z
    .strictObject({
      testSize: z
        .union([z.number().gt(0).lt(1), positiveInt])
        .default(0.25)
        .describe(
          "Share of the rows in the test part, or their number (test_size); of groups where there are groups. Without meaning for folds.",
        ),
      folds: z
        .int()
        .min(2)
        .max(1000)
        .optional()
        .describe(
          "Cross-validate: every fold is the test part once, all folds are one population, and the report is over folds (KFold, StratifiedKFold, GroupKFold). Absent: one hold-out.",
        ),
      repeats: z
        .int()
        .min(1)
        .max(1000)
        .optional()
        .describe(
          "How often the rows are dealt to folds anew (RepeatedKFold: n_repeats). Absent: once.",
        ),
      randomState: seed.default(42).describe("Seed of the split (random_state)."),
      stratify: z
        .boolean()
        .default(false)
        .describe("Whether both parts get the classes in equal shares."),
      shuffle: z
        .boolean()
        .optional()
        .describe(
          "False: the last rows are the test part, as in Keras's validation_split. Absent: true.",
        ),
      inner: z
        .strictObject({
          testSize: z.number().gt(0).lt(1).describe("Share of the training part."),
          randomState: seed.default(0).describe("Seed of this second split."),
        })
        .optional()
        .describe(
          "Judge on a share of the training part, in equal shares of the classes, and leave the test part alone: for choosing. Absent: the test part is what is judged on.",
        ),
    })
    .optional()
    .describe(
      "scikit-learn's train_test_split, or a cross-validation. Absent: the network trains on every row and there is no validation.",
    ),
  drop: z
    .array(z.string())
    .optional()
    .describe("Columns that are left out, by name. Absent: none."),
  missingValues: z
    .array(z.number())
    .optional()
    .describe("Numbers that stand for a missing value, such as -999. Absent: none."),
  labels: z
    .enum(["names", "indices"])
    .optional()
    .describe(
      '"names": classes are numbered in sorted order. "indices": a label is its class\'s index, as Keras reads it, so labels 1 to 3 need outputs 0 to 3. Absent: names.',
    ),
  preprocess: z
    .array(preprocessStep)
    .prefault([])
    .describe(
      "Steps, applied in this order, as names or as objects with settings; a cell that is still missing reaches the network as NaN. Each is scikit-learn's, fitted on the training part: docs/preprocessing.md.",
    ),
  shuffle: z
    .strictObject({ randomState: seed.default(0).describe("Seed of the order (random_state).") })
    .optional()
    .describe(
      "Bring the rows into a random order before they are split (sklearn.utils.shuffle). Absent: as written.",
    ),
  mergeClasses: z
    .record(z.string(), z.array(z.union([z.string(), z.number()])).min(1))
    .optional()
    .describe(
      'Labels that are one class, by its name: { ill: ["mild", "severe"] }. Others keep their names. Absent: none.',
    ),
  oversample: z
    .strictObject({ randomState: seed.default(0).describe("Seed of the draws (random_state).") })
    .optional()
    .describe(
      "Draw training rows of rare classes again, with replacement, until all classes have equally many (imbalanced-learn's RandomOverSampler). Absent: not.",
    ),
  fitOn: z
    .enum(["train", "all", "each"])
    .optional()
    .describe(
      "The rows that steps are fitted on: the training part, all rows, or each part by itself. The last two are mistakes that people make; lint names them. Absent: train.",
    ),
});

const modelSchema = z.strictObject({
  inputShape: z
    .array(z.int().min(1).max(4096))
    .min(1)
    .max(3)
    .optional()
    .describe(
      "The shape of a row: (steps, channels) or (height, width, channels). Absent: a vector.",
    ),
  layers: z
    .array(layerSchema)
    .min(1)
    .max(200)
    .refine((layers) => layers.some((layer) => layer.type === "dense"), {
      message: "needs at least one dense layer",
    })
    .describe("Layers from inputs to outputs, as of a Keras Sequential model."),
  initialWeights: initialWeightsSchema
    .optional()
    .describe("A model's file, whose weights every network starts from. Absent: they are drawn."),
});

const nonNegative = z.number().min(0);

export const lossSchema = named(
  LOSSES,
  z.strictObject({
    name: z.enum(LOSSES).describe("The loss, by its name in TensorFlow.js."),
    fromLogits: z
      .boolean()
      .default(false)
      .describe("The outputs are read as logits, whatever the head's activation (from_logits)."),
    labelSmoothing: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("Share of each label that goes to all classes evenly (label_smoothing)."),
    gamma: nonNegative
      .default(2)
      .describe("Of the focal losses: exponent of the probability of being wrong."),
    alpha: z
      .number()
      .min(0)
      .max(1)
      .default(0.25)
      .describe("Of the focal losses: what the positive class, or every class, weighs."),
    applyClassBalancing: z
      .boolean()
      .default(false)
      .describe("Of binaryFocalCrossentropy: whether alpha counts (apply_class_balancing)."),
  }),
);

const monitor = z.enum(METRICS).default("valLoss").describe("The value that is watched.");

const earlyStopping = z.strictObject({
  monitor,
  patience: z.int().min(0).default(0).describe("Epochs without a better value before the end."),
  minDelta: nonNegative.default(0).describe("Less than this is no better value (min_delta)."),
  restoreBest: z
    .boolean()
    .default(false)
    .describe("Whether the best epoch's weights are kept (restore_best_weights)."),
});

const reduceOnPlateau = z.strictObject({
  monitor,
  factor: z.number().gt(0).lt(1).default(0.1).describe("What the rate is multiplied by."),
  patience: z.int().min(0).default(10).describe("Epochs without a better value before that."),
  minDelta: nonNegative.default(1e-4).describe("Less than this is no better value (min_delta)."),
  cooldown: z.int().min(0).default(0).describe("Epochs after that which do not count."),
  minLearningRate: nonNegative.default(0).describe("The rate does not go below this (min_lr)."),
});

const trainSchema = z.strictObject({
  loss: lossSchema.describe("A name, or an object with the settings."),
  optimizer: optimizerSchema
    .prefault("adam")
    .describe("A name for Keras's settings, or an object with others."),
  learningRate: learningRateSchema
    .optional()
    .describe(
      "A number or a schedule (Keras: learning_rate). Absent: Keras's for the optimizer, 0.001, of sgd 0.01.",
    ),
  epochs: z.int().min(1).max(1_000_000).describe("How often training goes through all rows."),
  batchSize: z.int().min(1).max(4096).default(32).describe("Rows per optimizer step (batch_size)."),
  shuffle: z.boolean().default(true).describe("Whether each epoch takes the rows in a new order."),
  classWeight: z
    .union([z.literal("balanced"), z.record(z.string(), nonNegative)])
    .optional()
    .describe(
      'What each class weighs in the training loss, by its name (Keras: class_weight); "balanced": training rows / (classes x its rows), as in scikit-learn. Absent: all 1.',
    ),
  earlyStopping: earlyStopping
    .optional()
    .describe("Keras's callback EarlyStopping. Absent: every epoch is trained."),
  reduceOnPlateau: reduceOnPlateau
    .optional()
    .describe("Keras's callback ReduceLROnPlateau. Absent: the rate stays as planned."),
});

const seedList = z.union([positiveInt, z.array(seed).min(1)]);

const seedsSchema = z.strictObject({
  training: seedList
    .default(DEFAULT_SEEDS.training)
    .describe("A count n (seeds 0 to n - 1) or a list of seeds: first weights and batch order."),
  data: seedList
    .default(DEFAULT_SEEDS.data)
    .describe(
      "A count n or a list of numbers added to the seeds of generator and split; 0 is the data as written.",
    ),
});

const metricExpectation = z.strictObject({
  metric: z.enum(METRICS).describe("The value at the last epoch that is compared."),
  variant: z.string().describe("The variant that the claim is about."),
  is: z.enum(["lower", "higher"]).describe("How its value is said to compare."),
  than: z.string().describe('Another variant, or "others": every other one in turn.'),
});

const behaviorExpectation = z.strictObject({
  variant: z.string().describe("The variant that the claim is about."),
  behaves: z
    .array(z.enum(BEHAVIORS))
    .min(1)
    .describe("What its loss curves are said to do; a run counts when it does any of these."),
  inMoreThan: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe("The share of runs that is said to be exceeded."),
});

const claimSchema = z.strictObject({
  text: z.string().min(1).describe("The claim as a reader should see it."),
  expect: z
    .array(z.union([metricExpectation, behaviorExpectation]))
    .min(1)
    .describe("What the claim means in numbers; all must hold."),
});

const patch = (part: string) =>
  z
    .record(z.string(), z.unknown())
    .optional()
    .describe(`What is other than in the spec's ${part}; lists are replaced whole.`);

export const specSchema = z.strictObject({
  version: z.literal(1).default(1).describe("Version of this form."),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, "use letters, digits, '.', '_' and '-'")
    .describe("A name for files: letters, digits, '.', '_' and '-'."),
  title: z.string().optional().describe("A name for people. Absent: the name."),
  data: dataSchema.describe("The rows, how they are split, and what is done to them."),
  model: modelSchema.describe("The network."),
  train: trainSchema.describe("How it is trained: what Keras takes in compile and fit."),
  seeds: seedsSchema
    .default(DEFAULT_SEEDS)
    .describe("Over how many seeds every variant is trained."),
  variants: z
    .record(
      z.string(),
      z.strictObject({ data: patch("data"), model: patch("model"), train: patch("train") }),
    )
    .default({})
    .describe("What is compared, by name: partial specs, each merged over data, model and train."),
  claims: z
    .array(claimSchema)
    .default([])
    .describe("What is claimed about the variants; each is tested over all seeds."),
  probes: probesSchema
    .optional()
    .describe(
      'What is measured beside loss and accuracy: "all", or names of docs/probes.md. Absent: nothing.',
    ),
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
export type { Initializer } from "./initializers.ts";
export type { PreprocessStep } from "./preprocess-steps.ts";
export type { TableSource } from "./table-source.ts";
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
