// A benchmark of broken networks: cases of one faulty network each, its data as a generator's
// settings or as rows, its known faults, and the change that mends it. This is the form of the file;
// draw-case-data.ts makes the rows, case-spec.ts the spec.

import * as z from "zod/mini";

const number = z.number();
const layer = z.looseObject({
  units: z.int().check(z.minimum(1)),
  activation: z._default(z.string(), "linear"),
  init: z._default(z.string(), "glorot_uniform"),
  /** Rate of a dropout behind the layer. */
  dropoutAfter: z.optional(number),
  /** A batch normalization behind the layer, before its dropout. */
  bnAfter: z.optional(z.boolean()),
  bnMomentum: z.optional(number),
  bias: z.optional(z.boolean()),
});

const optimizer = z.looseObject({
  name: z.string(),
  lr: number.check(z.positive()),
  momentum: z.optional(number),
  nesterov: z.optional(z.boolean()),
  decay: z.optional(number),
});

const split = z.nullish(
  z.union([
    z.object({ testFraction: number.check(z.gt(0), z.lt(1)) }),
    z.object({
      train: z.int().check(z.minimum(1)),
      val: z.int().check(z.minimum(1)),
      shuffle: z._default(z.boolean(), false),
    }),
  ]),
);

const cell = z.union([number, z.nan(), z.null()]);

const data = z.looseObject({
  generator: z.string(),
  params: z.optional(z.union([z.record(z.string(), z.unknown()), z.string()])),
  n: z.optional(z.int()),
  /** Of a table: names of the features and of the label; in a row the label comes last. */
  columns: z.optional(z.array(z.string())),
  rows: z.optional(z.array(z.array(cell))),
  target: z.string(),
  split,
  /** Share of the training labels that are redrawn, or turned round. */
  labelNoise: z.optional(number),
  labelFlip: z.optional(number),
  /** Of each class, the share of the training rows that is kept. */
  imbalance: z.optional(z.array(number)),
});

const fault = z.looseObject({
  code: z.string(),
  /** "root", or one that counts neither for nor against. */
  severity: z.string(),
});

/** Mean and standard deviation over seeds. */
const meanAndSd = z.tuple([number, number]);
const measured = z.looseObject({
  accuracy: z.optional(meanAndSd),
  trainAccuracy: z.optional(meanAndSd),
  valLoss: z.optional(meanAndSd),
});

export const benchmarkCaseSchema = z.looseObject({
  id: z.string(),
  title: z._default(z.string(), ""),
  task: z.string(),
  data,
  layers: z.array(layer),
  output: layer,
  loss: z.string(),
  optimizer,
  batch: z.int().check(z.minimum(1)),
  epochs: z.int().check(z.minimum(0)),
  /** False: every epoch takes the rows in the order of the data. */
  shuffle: z._default(z.boolean(), true),
  preprocess: z.nullish(z.string()),
  regularizer: z.optional(z.unknown()),
  faults: z.array(fault),
  fix: z._default(z.array(z.looseObject({ set: z.string(), value: z.unknown() })), []),
  control: z._default(z.boolean(), false),
  /** "clean": no usual change gains more than 0.02; "improvable": at least one does. */
  controlKind: z.optional(z.string()),
  /** The published fault or fix has no effect: a trap for claiming too much. */
  ambiguous: z._default(z.boolean(), false),
  /** What the fix knows and no tool can: the right answer is to name the cause. */
  oracleFix: z.optional(z.unknown()),
  lintOnly: z._default(z.boolean(), false),
  /** Sizes that the file's own check was run at; `skip`: it was not run. */
  checkScale: z.optional(z.record(z.string(), z.unknown())),
  /** "train" or "valLoss" where validation accuracy is not the right yardstick. */
  judgeOn: z.optional(z.string()),
  checked: z.optional(
    z.looseObject({
      on: z.optional(z.string()),
      asIs: z.optional(measured),
      withFix: z.optional(measured),
      verdict: z.string(),
    }),
  ),
  singleChanges: z.optional(z.looseObject({ helps: z._default(z.array(z.string()), []) })),
});

export type BenchmarkCase = z.infer<typeof benchmarkCaseSchema>;
/** A case as written, defaults still absent. */
export type BenchmarkCaseInput = z.input<typeof benchmarkCaseSchema>;
export type CaseData = BenchmarkCase["data"];

export const benchmarkFileSchema = z.looseObject({
  /** Moments of the tables that `gaussian_classes` names. */
  generators: z._default(z.record(z.string(), z.unknown()), {}),
  cases: z.array(benchmarkCaseSchema).check(z.minLength(1)),
});

export type BenchmarkFile = z.infer<typeof benchmarkFileSchema>;

/** What a case asks for and this lab does not compute, said in its words. */
export class UnsupportedCase extends Error {
  override readonly name = "UnsupportedCase";
}

/** A file's cases, each read by itself: one that is not in the form does not hide the others. */
export interface ReadBenchmark {
  readonly generators: BenchmarkFile["generators"];
  readonly cases: readonly (BenchmarkCase | MalformedCase)[];
}

export interface MalformedCase {
  readonly id: string;
  /** What is not as the form has it. */
  readonly malformed: string;
}

export function isMalformed(written: BenchmarkCase | MalformedCase): written is MalformedCase {
  return !("data" in written);
}

/** @throws BenchmarkFileError when it is no such file at all. */
export function readBenchmark(source: unknown): ReadBenchmark {
  const file = z
    .extend(benchmarkFileSchema, { cases: z.array(z.unknown()).check(z.minLength(1)) })
    .safeParse(source);
  if (!file.success) throw new BenchmarkFileError(firstIssue(file.error));
  return {
    generators: file.data.generators,
    cases: file.data.cases.map((written, position) => {
      const parsed = benchmarkCaseSchema.safeParse(written);
      if (parsed.success) return parsed.data;
      const { id = `case ${position + 1}` } = (written ?? {}) as { id?: unknown };
      return { id: String(id), malformed: firstIssue(parsed.error) };
    }),
  };
}

export class BenchmarkFileError extends Error {
  override readonly name = "BenchmarkFileError";
  readonly code = "EVALUATE_NOT_A_BENCHMARK";

  constructor(problem: string) {
    super(`this is no file of benchmark cases: ${problem}`);
  }
}

function firstIssue({ issues: [{ path, message }] }: z.core.$ZodError): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
