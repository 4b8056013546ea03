// A sweep as its author writes it: in the words of Weights & Biases, and with seeds, zip, when and a
// seed of the draws, which those do not have. What `parameters` holds is read one by one.

import * as z from "zod";

export const METHODS = ["grid", "random", "halving", "bayes"] as const;

const positiveInt = z.int().positive();
const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const seedList = z.union([positiveInt, z.array(seed).min(1)]);

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

const withoutMeaning = z.unknown().optional().describe("Of Weights & Biases; counts for nothing.");

export const sweepSchema = z.strictObject({
  version: z.literal(1).default(1).describe("Version of this form."),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]*$/i, "use letters, digits, '.', '_' and '-'")
    .optional()
    .describe("A name for files. Absent: the spec's."),
  spec: z.unknown().describe("The network that is varied: a spec, or the path of one."),
  variant: z.string().optional().describe("The variant of the spec that is varied."),
  method: z.enum(METHODS).describe("How the parameters' values are combined."),
  metric: z
    .strictObject({
      name: z.string().describe("loss, accuracy, val_loss or val_accuracy."),
      goal: z.enum(["minimize", "maximize"]).optional().describe("Absent: as the metric asks."),
    })
    .optional()
    .describe("What trials are compared by. Absent: val_loss, without a test part loss."),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("What is varied: values by the names of their places in the spec."),
  early_terminate: z
    .strictObject({
      type: z.literal("hyperband"),
      min_iter: positiveInt.optional().describe("Epochs before the first cut."),
      max_iter: positiveInt.optional().describe("Epochs that the cuts are parts of."),
      s: positiveInt.optional().describe("Cuts below max_iter."),
      eta: z.number().min(1.25).max(1000).default(3).describe("One of so many trials goes on."),
      strict: withoutMeaning,
    })
    .optional()
    .describe("Which trials are stopped early. Absent: none."),
  run_cap: positiveInt.optional().describe("Most trials. Absent: all of a grid, 20 draws."),
  seeds: z
    .union([seedList, z.strictObject({ training: seedList, data: seedList.default(1) })])
    .optional()
    .describe("Over which seeds every trial trains, as in a spec. Absent: the spec's."),
  zip: z
    .array(z.array(z.string()).min(2))
    .default([])
    .describe("Parameters that take their values together."),
  seed: seed.default(0).describe("Seed of the draws."),
  chunk: positiveInt
    .max(65536)
    .optional()
    .describe("Most networks that train as one population. Absent: 256, with cuts 1024."),
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
  value: z.unknown().optional().describe("The one value."),
  values: z.array(z.unknown()).min(1).optional().describe("The values to choose from."),
  probabilities: z.array(z.number().min(0)).optional().describe("Of the values, when drawn."),
  distribution: z.enum(DISTRIBUTIONS).optional().describe("What a number is drawn from."),
  min: z.number().optional().describe("The least number."),
  max: z.number().optional().describe("The greatest number."),
  mu: z.number().optional().describe("Mean of a normal distribution."),
  sigma: z.number().positive().optional().describe("Its standard deviation."),
  q: z.number().positive().optional().describe("What is drawn is a multiple of this."),
  when: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("The parameter is there only where others have these values."),
});

export type WrittenParameter = z.infer<typeof parameterSchema>;
