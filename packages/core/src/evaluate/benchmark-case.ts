// A benchmark of broken networks: cases of one faulty network each, its data as a generator's
// settings or as rows, its known faults, and the change that mends it. This is the form of the file;
// draw-case-data.ts makes the rows, case-spec.ts the spec.

import { z } from "zod";

const number = z.number();
const layer = z.looseObject({
  units: z.int().min(1),
  activation: z.string().default("linear"),
  init: z.string().default("glorot_uniform"),
  /** Rate of a dropout behind the layer. */
  dropoutAfter: number.optional(),
  /** A batch normalization behind the layer, before its dropout. */
  bnAfter: z.boolean().optional(),
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
    z.object({ train: z.int().min(1), val: z.int().min(1), shuffle: z.boolean() }),
  ])
  .nullish();

const data = z.looseObject({
  generator: z.string(),
  params: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  n: z.int().optional(),
  /** Of a table. */
  columns: z.array(z.string()).optional(),
  rows: z.array(z.array(number)).optional(),
  target: z.string(),
  split,
  /** Share of the training labels that are redrawn, or turned round. */
  labelNoise: number.optional(),
  labelFlip: number.optional(),
});

const fault = z.looseObject({
  code: z.string(),
  /** "root", or one that counts neither for nor against. */
  severity: z.string(),
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
  preprocess: z.string().nullish(),
  regularizer: z.unknown().optional(),
  faults: z.array(fault),
  fix: z.array(z.looseObject({ set: z.string(), value: z.unknown() })).default([]),
  control: z.unknown().optional(),
  ambiguous: z.unknown().optional(),
  oracleFix: z.unknown().optional(),
  lintOnly: z.unknown().optional(),
  /** Sizes that the file's own check was run at. */
  checkScale: z.record(z.string(), z.unknown()).optional(),
  checked: z.unknown().optional(),
  singleChanges: z.unknown().optional(),
});

export type BenchmarkCase = z.infer<typeof benchmarkCaseSchema>;
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
