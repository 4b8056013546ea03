// The experiment as its author writes it: one data source, one network, how it is trained, over
// which seeds, in which variants, and what is claimed about them.
//
// Names are those of TensorFlow.js layers and defaults are Keras's. The schema is the single
// source: the types, the parser's messages and the JSON Schema for editors all come from it.

import * as z from "zod/mini";
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

const positiveInt = z.int().check(z.positive());
const seed = z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1));

const size = z
  .tuple([positiveInt, positiveInt])
  .check(z.describe("Rows and columns; every number is even in [0, 1)."));

const numpyFeatures = z.union([
  z.strictObject({ rand: size }),
  z.strictObject({
    randn: size.check(z.describe("Rows and columns; every number is standard normal.")),
  }),
  z.strictObject({
    uniform: z
      .strictObject({
        low: z.number().check(z.describe("The least number.")),
        high: z.number().check(z.describe("What all numbers stay below.")),
        size: size.check(z.describe("Rows and columns.")),
      })
      .check(z.describe("Numbers even in [low, high), as np.random.uniform draws them.")),
  }),
]);

const inlineSource = z.strictObject({
  kind: z.literal("inline").check(z.describe("The rows stand in the spec.")),
  rows: z
    .array(z.array(z.union([z.number(), z.nan(), z.null()])))
    .check(z.describe("One list of numbers per row, one number per feature (Keras: x).")),
  labels: z
    .array(z.union([z.string(), z.number()]))
    .check(z.describe("One label per row: class names or class numbers (Keras: y).")),
  sampleWeight: z
    .optional(z.array(z.union([z.number(), z.nan(), z.null()])))
    .check(
      z.describe(
        "One number per row, at least 0: what its loss is multiplied by (Keras: sample_weight). Absent: all 1.",
      ),
    ),
  groups: z
    .optional(z.array(z.union([z.string(), z.number()])))
    .check(
      z.describe(
        "One per row: rows of one group are never on both sides of a split. Absent: every row stands alone.",
      ),
    ),
  columns: z
    .optional(z.array(z.string()))
    .check(z.describe("Names of the features, in the order of a row. Absent: x0, x1, ...")),
});

const numpySource = z.strictObject({
  kind: z
    .literal("numpy")
    .check(z.describe("Rows as NumPy's legacy generator draws them, bit for bit.")),
  seed: z
    ._default(seed, 42)
    .check(
      z.describe("np.random.seed(seed); features, then labels are drawn from that one generator."),
    ),
  features: numpyFeatures.check(
    z.describe("How the features are drawn: np.random.rand, randn or uniform."),
  ),
  labels: z
    .strictObject({
      randint: z
        .strictObject({
          low: z.int().check(z.describe("The least class number.")),
          high: z.int().check(z.describe("What all class numbers stay below.")),
          size: positiveInt.check(z.describe("Number of rows.")),
        })
        .check(z.describe("Class numbers as np.random.randint draws them.")),
    })
    .check(z.describe("How the labels are drawn, after the features.")),
});

const dataSchema = z.strictObject({
  source: z
    .discriminatedUnion("kind", [inlineSource, numpySource, tableSource])
    .check(z.describe("Where the rows come from.")),
  split: z
    .optional(
      z.strictObject({
        testSize: z
          ._default(z.union([z.number().check(z.gt(0), z.lt(1)), positiveInt]), 0.25)
          .check(
            z.describe(
              "Share of the rows in the test part, or their number (test_size); of groups where there are groups. Without meaning for folds.",
            ),
          ),
        folds: z
          .optional(z.int().check(z.minimum(2), z.maximum(1000)))
          .check(
            z.describe(
              "Cross-validate: every fold is the test part once, all folds are one population, and the report is over folds (KFold, StratifiedKFold, GroupKFold). Absent: one hold-out.",
            ),
          ),
        repeats: z
          .optional(z.int().check(z.minimum(1), z.maximum(1000)))
          .check(
            z.describe(
              "How often the rows are dealt to folds anew (RepeatedKFold: n_repeats). Absent: once.",
            ),
          ),
        randomState: z._default(seed, 42).check(z.describe("Seed of the split (random_state).")),
        stratify: z
          ._default(z.boolean(), false)
          .check(z.describe("Whether both parts get the classes in equal shares.")),
        shuffle: z
          .optional(z.boolean())
          .check(
            z.describe(
              "False: the last rows are the test part, as in Keras's validation_split. Absent: true.",
            ),
          ),
        inner: z
          .optional(
            z.strictObject({
              testSize: z
                .number()
                .check(z.gt(0), z.lt(1), z.describe("Share of the training part.")),
              randomState: z._default(seed, 0).check(z.describe("Seed of this second split.")),
            }),
          )
          .check(
            z.describe(
              "Judge on a share of the training part, in equal shares of the classes, and leave the test part alone: for choosing. Absent: the test part is what is judged on.",
            ),
          ),
      }),
    )
    .check(
      z.describe(
        "scikit-learn's train_test_split, or a cross-validation. Absent: the network trains on every row and there is no validation.",
      ),
    ),
  drop: z
    .optional(z.array(z.string()))
    .check(z.describe("Columns that are left out, by name. Absent: none.")),
  missingValues: z
    .optional(z.array(z.number()))
    .check(z.describe("Numbers that stand for a missing value, such as -999. Absent: none.")),
  labels: z
    .optional(z.enum(["names", "indices"]))
    .check(
      z.describe(
        '"names": classes are numbered in sorted order. "indices": a label is its class\'s index, as Keras reads it, so labels 1 to 3 need outputs 0 to 3. Absent: names.',
      ),
    ),
  preprocess: z
    .prefault(z.array(preprocessStep), [])
    .check(
      z.describe(
        "Steps, applied in this order, as names or as objects with settings; a cell that is still missing reaches the network as NaN. Each is scikit-learn's, fitted on the training part: docs/preprocessing.md.",
      ),
    ),
  shuffle: z
    .optional(
      z.strictObject({
        randomState: z._default(seed, 0).check(z.describe("Seed of the order (random_state).")),
      }),
    )
    .check(
      z.describe(
        "Bring the rows into a random order before they are split (sklearn.utils.shuffle). Absent: as written.",
      ),
    ),
  mergeClasses: z
    .optional(
      z.record(z.string(), z.array(z.union([z.string(), z.number()])).check(z.minLength(1))),
    )
    .check(
      z.describe(
        'Labels that are one class, by its name: { ill: ["mild", "severe"] }. Others keep their names. Absent: none.',
      ),
    ),
  oversample: z
    .optional(
      z.strictObject({
        randomState: z._default(seed, 0).check(z.describe("Seed of the draws (random_state).")),
      }),
    )
    .check(
      z.describe(
        "Draw training rows of rare classes again, with replacement, until all classes have equally many (imbalanced-learn's RandomOverSampler). Absent: not.",
      ),
    ),
  fitOn: z
    .optional(z.enum(["train", "all", "each"]))
    .check(
      z.describe(
        "The rows that steps are fitted on: the training part, all rows, or each part by itself. The last two are mistakes that people make; lint names them. Absent: train.",
      ),
    ),
});

const modelSchema = z.strictObject({
  inputShape: z
    .optional(
      z.array(z.int().check(z.minimum(1), z.maximum(4096))).check(z.minLength(1), z.maxLength(3)),
    )
    .check(
      z.describe(
        "The shape of a row: (steps, channels) or (height, width, channels). Absent: a vector.",
      ),
    ),
  layers: z.array(layerSchema).check(
    z.minLength(1),
    z.maxLength(200),
    z.refine((layers) => layers.some((layer) => layer.type === "dense"), {
      message: "needs at least one dense layer",
    }),
    z.describe("Layers from inputs to outputs, as of a Keras Sequential model."),
  ),
  initialWeights: z
    .optional(initialWeightsSchema)
    .check(
      z.describe(
        "A model's file, whose weights every network starts from. Absent: they are drawn.",
      ),
    ),
});

const nonNegative = z.number().check(z.minimum(0));

export const lossSchema = named(
  LOSSES,
  z.strictObject({
    name: z.enum(LOSSES).check(z.describe("The loss, by its name in TensorFlow.js.")),
    fromLogits: z
      ._default(z.boolean(), false)
      .check(
        z.describe("The outputs are read as logits, whatever the head's activation (from_logits)."),
      ),
    labelSmoothing: z
      ._default(z.number().check(z.minimum(0), z.maximum(1)), 0)
      .check(z.describe("Share of each label that goes to all classes evenly (label_smoothing).")),
    gamma: z
      ._default(nonNegative, 2)
      .check(z.describe("Of the focal losses: exponent of the probability of being wrong.")),
    alpha: z
      ._default(z.number().check(z.minimum(0), z.maximum(1)), 0.25)
      .check(z.describe("Of the focal losses: what the positive class, or every class, weighs.")),
    applyClassBalancing: z
      ._default(z.boolean(), false)
      .check(
        z.describe("Of binaryFocalCrossentropy: whether alpha counts (apply_class_balancing)."),
      ),
  }),
);

const monitor = z
  ._default(z.enum(METRICS), "valLoss")
  .check(z.describe("The value that is watched."));

const earlyStopping = z.strictObject({
  monitor,
  patience: z
    ._default(z.int().check(z.minimum(0)), 0)
    .check(z.describe("Epochs without a better value before the end.")),
  minDelta: z
    ._default(nonNegative, 0)
    .check(z.describe("Less than this is no better value (min_delta).")),
  restoreBest: z
    ._default(z.boolean(), false)
    .check(z.describe("Whether the best epoch's weights are kept (restore_best_weights).")),
});

const reduceOnPlateau = z.strictObject({
  monitor,
  factor: z
    ._default(z.number().check(z.gt(0), z.lt(1)), 0.1)
    .check(z.describe("What the rate is multiplied by.")),
  patience: z
    ._default(z.int().check(z.minimum(0)), 10)
    .check(z.describe("Epochs without a better value before that.")),
  minDelta: z
    ._default(nonNegative, 1e-4)
    .check(z.describe("Less than this is no better value (min_delta).")),
  cooldown: z
    ._default(z.int().check(z.minimum(0)), 0)
    .check(z.describe("Epochs after that which do not count.")),
  minLearningRate: z
    ._default(nonNegative, 0)
    .check(z.describe("The rate does not go below this (min_lr).")),
});

const trainSchema = z.strictObject({
  loss: lossSchema.check(z.describe("A name, or an object with the settings.")),
  optimizer: z
    .prefault(optimizerSchema, "adam")
    .check(z.describe("A name for Keras's settings, or an object with others.")),
  learningRate: z
    .optional(learningRateSchema)
    .check(
      z.describe(
        "A number or a schedule (Keras: learning_rate). Absent: Keras's for the optimizer, 0.001, of sgd 0.01.",
      ),
    ),
  epochs: z
    .int()
    .check(
      z.minimum(1),
      z.maximum(1_000_000),
      z.describe("How often training goes through all rows."),
    ),
  batchSize: z
    ._default(z.int().check(z.minimum(1), z.maximum(4096)), 32)
    .check(z.describe("Rows per optimizer step (batch_size).")),
  shuffle: z
    ._default(z.boolean(), true)
    .check(z.describe("Whether each epoch takes the rows in a new order.")),
  classWeight: z
    .optional(z.union([z.literal("balanced"), z.record(z.string(), nonNegative)]))
    .check(
      z.describe(
        'What each class weighs in the training loss, by its name (Keras: class_weight); "balanced": training rows / (classes x its rows), as in scikit-learn. Absent: all 1.',
      ),
    ),
  earlyStopping: z
    .optional(earlyStopping)
    .check(z.describe("Keras's callback EarlyStopping. Absent: every epoch is trained.")),
  reduceOnPlateau: z
    .optional(reduceOnPlateau)
    .check(z.describe("Keras's callback ReduceLROnPlateau. Absent: the rate stays as planned.")),
});

const seedList = z.union([positiveInt, z.array(seed).check(z.minLength(1))]);

const seedsSchema = z.strictObject({
  training: z
    ._default(seedList, DEFAULT_SEEDS.training)
    .check(
      z.describe("A count n (seeds 0 to n - 1) or a list of seeds: first weights and batch order."),
    ),
  data: z
    ._default(seedList, DEFAULT_SEEDS.data)
    .check(
      z.describe(
        "A count n or a list of numbers added to the seeds of generator and split; 0 is the data as written.",
      ),
    ),
});

const metricExpectation = z.strictObject({
  metric: z.enum(METRICS).check(z.describe("The value at the last epoch that is compared.")),
  variant: z.string().check(z.describe("The variant that the claim is about.")),
  is: z.enum(["lower", "higher"]).check(z.describe("How its value is said to compare.")),
  than: z.string().check(z.describe('Another variant, or "others": every other one in turn.')),
});

const behaviorExpectation = z.strictObject({
  variant: z.string().check(z.describe("The variant that the claim is about.")),
  behaves: z
    .array(z.enum(BEHAVIORS))
    .check(
      z.minLength(1),
      z.describe("What its loss curves are said to do; a run counts when it does any of these."),
    ),
  inMoreThan: z
    ._default(z.number().check(z.minimum(0), z.lt(1)), 0.5)
    .check(z.describe("The share of runs that is said to be exceeded.")),
});

const claimSchema = z.strictObject({
  text: z.string().check(z.minLength(1), z.describe("The claim as a reader should see it.")),
  expect: z
    .array(z.union([metricExpectation, behaviorExpectation]))
    .check(z.minLength(1), z.describe("What the claim means in numbers; all must hold.")),
});

const patch = (part: string) =>
  z
    .optional(z.record(z.string(), z.unknown()))
    .check(z.describe(`What is other than in the spec's ${part}; lists are replaced whole.`));

export const specSchema = z.strictObject({
  version: z._default(z.literal(1), 1).check(z.describe("Version of this form.")),
  name: z
    .string()
    .check(
      z.regex(/^[a-z0-9][a-z0-9._-]*$/i, "use letters, digits, '.', '_' and '-'"),
      z.describe("A name for files: letters, digits, '.', '_' and '-'."),
    ),
  title: z.optional(z.string()).check(z.describe("A name for people. Absent: the name.")),
  data: dataSchema.check(z.describe("The rows, how they are split, and what is done to them.")),
  model: modelSchema.check(z.describe("The network.")),
  train: trainSchema.check(z.describe("How it is trained: what Keras takes in compile and fit.")),
  seeds: z
    ._default(seedsSchema, DEFAULT_SEEDS)
    .check(z.describe("Over how many seeds every variant is trained.")),
  variants: z
    ._default(
      z.record(
        z.string(),
        z.strictObject({ data: patch("data"), model: patch("model"), train: patch("train") }),
      ),
      {},
    )
    .check(
      z.describe(
        "What is compared, by name: partial specs, each merged over data, model and train.",
      ),
    ),
  claims: z
    ._default(z.array(claimSchema), [])
    .check(z.describe("What is claimed about the variants; each is tested over all seeds.")),
  probes: z
    .optional(probesSchema)
    .check(
      z.describe(
        'What is measured beside loss and accuracy: "all", or names of docs/probes.md. Absent: nothing.',
      ),
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
