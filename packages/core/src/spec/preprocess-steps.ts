// What can be done to the columns before the network sees them. Each step is fitted on the training
// part and applied to both; docs/preprocessing.md has the rule of each with its source.

import * as z from "zod/mini";
import { named } from "./shorthand.ts";

/** Steps that may be written as a name alone, with their usual settings. */
export const PREPROCESS_STEPS = [
  "imputeMean",
  "imputeMedian",
  "imputeMostFrequent",
  "log",
  "signedLog",
  "standardize",
  "minMax",
  "robust",
  "oneHot",
  "ordinal",
  "dropConstant",
  "dropCorrelated",
  "pca",
  "whiten",
  "polynomial",
] as const;

const columns = z
  .optional(z.array(z.string()).check(z.minLength(1)))
  .check(
    z.describe(
      "The columns that it is for, by their names at this point; others pass. Absent: all.",
    ),
  );

const share = z.number().check(z.minimum(0), z.maximum(1));

const step = <Name extends string>(name: Name, what: string) =>
  z.literal(name).check(z.describe(what));

const plain = <Name extends PlainStep>(name: Name, what: string) =>
  z.strictObject({ step: step(name, what), columns });

const stepObject = z.discriminatedUnion("step", [
  plain("imputeMean", "The mean in place of a missing value."),
  plain("imputeMedian", "The median in place of a missing value."),
  plain("imputeMostFrequent", "The most frequent value, of equals the smallest, in its place."),
  z.strictObject({
    step: step("impute", "SimpleImputer."),
    columns,
    strategy: z
      ._default(z.enum(["mean", "median", "mostFrequent", "constant"]), "mean")
      .check(z.describe("What stands in the place of a missing value (strategy).")),
    value: z._default(z.number(), 0).check(z.describe("Of strategy constant (fill_value).")),
    indicator: z
      ._default(z.boolean(), false)
      .check(z.describe("A 0/1 column more for each column with missing values (add_indicator).")),
  }),
  plain("log", "log(1 + x), for columns of counts; a value of -1 or less is an error."),
  plain("signedLog", "sign(x) log(1 + |x|), for columns that span orders of magnitude."),
  z.strictObject({
    step: step("clip", "Values outside of two limits become the limit."),
    columns,
    min: z.optional(z.number()).check(z.describe("The lower limit. Absent: none.")),
    max: z.optional(z.number()).check(z.describe("The upper limit. Absent: none.")),
    quantiles: z
      .optional(z.tuple([share, share]))
      .check(
        z.describe(
          "The limits as quantiles of each column, such as [0.01, 0.99]. Absent: min, max.",
        ),
      ),
  }),
  plain("standardize", "StandardScaler: mean 0 and standard deviation 1."),
  z.strictObject({
    step: step("minMax", "MinMaxScaler: the smallest value 0 and the largest 1."),
    columns,
    range: z
      .optional(z.tuple([z.number(), z.number()]))
      .check(z.describe("Other ends (feature_range). Absent: 0 and 1.")),
  }),
  plain("robust", "RobustScaler: median 0 and quartiles 1 apart."),
  z.strictObject({
    step: step("oneHot", "OneHotEncoder: a 0/1 column for each value."),
    columns,
    dropFirst: z
      ._default(z.boolean(), false)
      .check(z.describe("Whether the smallest value is told by zeros in all of them (drop).")),
  }),
  plain("ordinal", "OrdinalEncoder: the place of a value in sorted order; -1 for an unknown one."),
  plain("dropConstant", "VarianceThreshold: columns of one value are left out."),
  z.strictObject({
    step: step("dropCorrelated", "Of columns that say the same the first is kept."),
    columns,
    above: z
      ._default(share, 0.95)
      .check(z.describe("|r| of Pearson above which two columns say the same.")),
  }),
  z.strictObject({
    step: step("pca", "PCA: the directions in which the rows spread most."),
    columns,
    components: z
      .optional(z.union([z.number().check(z.gt(0), z.lt(1)), z.int().check(z.positive())]))
      .check(
        z.describe(
          "How many, or the share of the variance they must hold (n_components). Absent: all.",
        ),
      ),
    whiten: z
      ._default(z.boolean(), false)
      .check(z.describe("Whether each is scaled to variance 1.")),
  }),
  plain("whiten", "PCA with whitening, of all directions."),
  z.strictObject({
    step: step("polynomial", "PolynomialFeatures: products of columns."),
    columns,
    degree: z
      ._default(z.int().check(z.minimum(2), z.maximum(4)), 2)
      .check(z.describe("Of how many factors at most.")),
    interactionOnly: z
      ._default(z.boolean(), false)
      .check(z.describe("Whether a column is no factor twice (interaction_only).")),
  }),
]);

/** An object with the usual settings is the name alone, which is what checks look for. */
const shortest = z.pipe(
  stepObject,
  z.transform((written): PreprocessStep => {
    const name = written.step;
    const isUsual = isPlain(name) && sameSettings(written, stepObject.parse({ step: name }));
    return isUsual ? name : written;
  }),
);

function isPlain(name: StepName): name is PlainStep {
  return (PREPROCESS_STEPS as readonly string[]).includes(name);
}

function sameSettings(a: StepWithSettings, b: StepWithSettings): boolean {
  const text = (settings: object) => JSON.stringify(Object.entries(settings).sort());
  return text(JSON.parse(JSON.stringify(a))) === text(JSON.parse(JSON.stringify(b)));
}

export const preprocessStep = named(PREPROCESS_STEPS, shortest, "step");

export type PlainStep = (typeof PREPROCESS_STEPS)[number];
export type StepWithSettings = z.infer<typeof stepObject>;
export type PreprocessStep = PlainStep | StepWithSettings;
export type StepName = PlainStep | StepWithSettings["step"];

export function stepName(written: PreprocessStep): StepName {
  return typeof written === "string" ? written : written.step;
}

/** With its settings, usual ones filled in. */
export function stepSettings(written: PreprocessStep): StepWithSettings {
  return typeof written === "string" ? stepObject.parse({ step: written }) : written;
}

/** Whether it brings every column to a like scale. */
export function isScaling(written: PreprocessStep): boolean {
  if (typeof written !== "string" && written.columns !== undefined) return false;
  return ["standardize", "minMax", "robust", "whiten"].includes(stepName(written));
}

/** Whether what comes out are directions, not columns. */
export function isProjecting(written: PreprocessStep): boolean {
  return ["pca", "whiten"].includes(stepName(written));
}

export function isImputing(written: PreprocessStep): boolean {
  return stepName(written).startsWith("impute");
}

/** Whether what it does depends on the rows that it is fitted on. */
export function isFitted(written: PreprocessStep): boolean {
  const name = stepName(written);
  if (typeof written !== "string" && written.step === "clip")
    return written.quantiles !== undefined;
  return name !== "signedLog" && name !== "log" && name !== "polynomial";
}
