// A sweep as its author writes it: in the words of Weights & Biases, and with seeds, zip, when and a
// seed of the draws, which those do not have. What `parameters` holds is read one by one.

import * as z from "zod/mini";

export const METHODS = ["grid", "random", "halving", "bayes"] as const;

const positiveInt = z.int().check(z.positive());
const seed = z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1));
const seedList = z.union([positiveInt, z.array(seed).check(z.minLength(1))]);

/** Keys of Weights & Biases that say how a program is run: here nothing is. */
const OF_PROGRAMS = [
  "program",
  "command",
  "entity",
  "project",
  "description",
  "display_name",
  "job",
  "image_uri",
  "controller",
  "kind",
] as const;

const withoutMeaning = optional(z.unknown(), "Of Weights & Biases; counts for nothing.");

export const sweepSchema = z.strictObject({
  version: z._default(z.literal(1), 1).check(z.describe("Version of this form.")),
  name: optional(
    z.string().check(z.regex(/^[a-z0-9][a-z0-9._-]*$/i, "use letters, digits, '.', '_' and '-'")),
    "A name for files. Absent: the spec's.",
  ),
  spec: z.unknown().check(z.describe("The network that is varied: a spec, or the path of one.")),
  variant: optional(z.string(), "The variant of the spec that is varied."),
  method: z.enum(METHODS).check(z.describe("How the parameters' values are combined.")),
  metric: optional(
    z.strictObject({
      name: z.string().check(z.describe("loss, accuracy, val_loss or val_accuracy.")),
      goal: optional(z.enum(["minimize", "maximize"]), "Absent: as the metric asks."),
    }),
    "What trials are compared by. Absent: val_loss, without a test part loss.",
  ),
  parameters: z
    ._default(z.record(z.string(), z.unknown()), {})
    .check(z.describe("What is varied: values by the names of their places in the spec.")),
  early_terminate: optional(
    z.strictObject({
      type: z.literal("hyperband"),
      min_iter: optional(positiveInt, "Epochs before the first cut."),
      max_iter: optional(positiveInt, "Epochs that the cuts are parts of."),
      s: optional(positiveInt, "Cuts below max_iter."),
      eta: z
        ._default(z.number().check(z.minimum(1.25), z.maximum(1000)), 3)
        .check(z.describe("One of so many trials goes on.")),
      strict: withoutMeaning,
    }),
    "Which trials are stopped early. Absent: none.",
  ),
  run_cap: optional(positiveInt, "Most trials. Absent: all of a grid, 20 draws."),
  seeds: optional(
    z.union([seedList, z.strictObject({ training: seedList, data: z._default(seedList, 1) })]),
    "Over which seeds every trial trains, as in a spec. Absent: the spec's.",
  ),
  zip: z
    ._default(z.array(z.array(z.string()).check(z.minLength(2))), [])
    .check(z.describe("Parameters that take their values together.")),
  seed: z._default(seed, 0).check(z.describe("Seed of the draws.")),
  chunk: optional(
    positiveInt.check(z.maximum(65536)),
    "Most networks that train as one population. Absent: 256, with cuts 1024.",
  ),
  ...(Object.fromEntries(OF_PROGRAMS.map((key) => [key, withoutMeaning])) as Record<
    (typeof OF_PROGRAMS)[number],
    typeof withoutMeaning
  >),
});

/** Keys that are there and count for nothing. */
export function keysWithoutMeaning(source: object): string[] {
  return OF_PROGRAMS.filter((key) => key in source);
}

/** Those of Weights & Biases; log_uniform takes exponents of e, log_uniform_values the values. */
export const DISTRIBUTIONS = [
  "constant",
  "categorical",
  "int_uniform",
  "uniform",
  "q_uniform",
  "log_uniform",
  "q_log_uniform",
  "log_uniform_values",
  "q_log_uniform_values",
  "normal",
  "q_normal",
  "log_normal",
  "q_log_normal",
] as const;

export const parameterSchema = z.strictObject({
  value: optional(z.unknown(), "The one value."),
  values: optional(z.array(z.unknown()).check(z.minLength(1)), "The values to choose from."),
  probabilities: optional(z.array(z.number().check(z.minimum(0))), "Of the values, when drawn."),
  distribution: optional(z.enum(DISTRIBUTIONS), "What a number is drawn from."),
  min: optional(z.number(), "The least number."),
  max: optional(z.number(), "The greatest number."),
  mu: optional(z.number(), "Mean of a normal distribution."),
  sigma: optional(z.number().check(z.positive()), "Its standard deviation."),
  q: optional(z.number().check(z.positive()), "What is drawn is a multiple of this."),
  when: optional(
    z.record(z.string(), z.unknown()),
    "The parameter is there only where others have these values.",
  ),
});

export type WrittenParameter = z.infer<typeof parameterSchema>;

/** What may be left out, and what it is. */
function optional<Schema extends z.ZodMiniType>(schema: Schema, what: string) {
  return z.optional(schema).check(z.describe(what));
}
