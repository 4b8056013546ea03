// A benchmark of broken networks: cases of one faulty network each, its data as a generator's
// settings or as rows, its known faults, and the change that mends it. This is the form of the file;
// draw-case-data.ts makes the rows, case-spec.ts the spec.

import * as z from "zod";

const number = z.number();
const layer = z.looseObject({
  units: z.int().min(1),
  activation: z.string().default("linear"),
  init: z.string().default("glorot_uniform"),
  /** Rate of a dropout behind the layer. */
  dropoutAfter: number.optional(),
  /** A batch normalization behind the layer, before its dropout. */
  bnAfter: z.boolean().optional(),
  bnMomentum: number.optional(),
  bias: z.boolean().optional(),
});

const optimizer = z.looseObject({
  name: z.string(),
  lr: number.positive(),
  momentum: number.optional(),
  nesterov: z.boolean().optional(),
  decay: number.optional(),
});

const split = z
  .union([
    z.object({ testFraction: number.gt(0).lt(1) }),
    z.object({ train: z.int().min(1), val: z.int().min(1), shuffle: z.boolean().default(false) }),
  ])
  .nullish();

const cell = z.union([number, z.nan(), z.null()]);

const data = z.looseObject({
  generator: z.string(),
  params: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  n: z.int().optional(),
  /** Of a table: names of the features and of the label; in a row the label comes last. */
  columns: z.array(z.string()).optional(),
  rows: z.array(z.array(cell)).optional(),
  target: z.string(),
  split,
  /** Share of the training labels that are redrawn, or turned round. */
  labelNoise: number.optional(),
  labelFlip: number.optional(),
  /** Of each class, the share of the training rows that is kept. */
  imbalance: z.array(number).optional(),
});

const fault = z.looseObject({
  code: z.string(),
  /** "root", or one that counts neither for nor against. */
  severity: z.string(),
});

/** Mean and standard deviation over seeds. */
const meanAndSd = z.tuple([number, number]);
const measured = z.looseObject({
  accuracy: meanAndSd.optional(),
  trainAccuracy: meanAndSd.optional(),
  valLoss: meanAndSd.optional(),
});

export const benchmarkCaseSchema = z.looseObject({
  id: z.string(),
  title: z.string().default(""),
  task: z.string(),
  data,
  layers: z.array(layer),
  output: layer,
  loss: z.string(),
  optimizer,
  batch: z.int().min(1),
  epochs: z.int().min(0),
  /** False: every epoch takes the rows in the order of the data. */
  shuffle: z.boolean().default(true),
  preprocess: z.string().nullish(),
  regularizer: z.unknown().optional(),
  faults: z.array(fault),
  fix: z.array(z.looseObject({ set: z.string(), value: z.unknown() })).default([]),
  control: z.boolean().default(false),
  /** "clean": no usual change gains more than 0.02; "improvable": at least one does. */
  controlKind: z.string().optional(),
  /** The published fault or fix has no effect: a trap for claiming too much. */
  ambiguous: z.boolean().default(false),
  /** What the fix knows and no tool can: the right answer is to name the cause. */
  oracleFix: z.unknown().optional(),
  lintOnly: z.boolean().default(false),
  /** Sizes that the file's own check was run at; `skip`: it was not run. */
  checkScale: z.record(z.string(), z.unknown()).optional(),
  /** "train" or "valLoss" where validation accuracy is not the right yardstick. */
  judgeOn: z.string().optional(),
  checked: z
    .looseObject({
      on: z.string().optional(),
      asIs: measured.optional(),
      withFix: measured.optional(),
      verdict: z.string(),
    })
    .optional(),
  singleChanges: z.looseObject({ helps: z.array(z.string()).default([]) }).optional(),
});

export type BenchmarkCase = z.infer<typeof benchmarkCaseSchema>;
/** A case as written, defaults still absent. */
export type BenchmarkCaseInput = z.input<typeof benchmarkCaseSchema>;
export type CaseData = BenchmarkCase["data"];

export const benchmarkFileSchema = z.looseObject({
  /** Moments of the tables that `gaussian_classes` names. */
  generators: z.record(z.string(), z.unknown()).default({}),
  cases: z.array(benchmarkCaseSchema).min(1),
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
  const file = benchmarkFileSchema.extend({ cases: z.array(z.unknown()).min(1) }).safeParse(source);
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

function firstIssue({ issues: [{ path, message }] }: z.ZodError): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}
