// Carries a spec's steps out: each is fitted on some rows, then applied to rows. Columns may change
// on the way; each keeps the facts that it had when it was new.

import { didYouMean } from "../../shared/did-you-mean.ts";
import {
  type PreprocessStep,
  type StepWithSettings,
  stepSettings,
} from "../../spec/preprocess-steps.ts";
import type { DataSpec } from "../../spec/spec.ts";
import { badData } from "../bad-data.ts";
import { columnFacts } from "../column-facts.ts";
import type { ColumnFacts } from "../dataset.ts";
import type { Table } from "../table.ts";
import { oneHot, ordinal } from "./encoding.ts";
import { type Fit, type FitData, type FittedStep, UnfitColumns } from "./fitted-step.ts";
import { impute } from "./imputing.ts";
import { pca } from "./pca.ts";
import { polynomial } from "./polynomial.ts";
import { clip, log, minMax, robust, signedLog, standardize } from "./scaling.ts";
import { dropConstant, dropCorrelated } from "./selecting.ts";

/** What is done to rows: columns, their facts over the training part, and values row by row. */
export interface Matrix {
  readonly columns: readonly ColumnFacts[];
  readonly x: Float64Array;
}

export interface SplitRows {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** @throws SpecError (SPEC_BAD_DATA) at the step that cannot be carried out */
export function preprocess(
  table: Table,
  { preprocess: steps, fitOn = "train" }: Pick<DataSpec, "preprocess" | "fitOn">,
  split: SplitRows,
): Matrix {
  const facts = (x: Float64Array, width: number) => (name: string, j: number) =>
    columnFacts({ name, x, width, column: j, rows: split.train });
  const columns = table.columns.map(facts(table.x, table.columns.length));
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  let matrix: Matrix = { columns, x: table.x };
  steps.forEach((step, position) => {
    matrix = atStep(position, () => {
      if (fitOn !== "each") {
        const fitted = fitStep(step, matrix, fitOn === "all" ? all : split.train);
        return applied(matrix, [{ fitted, rows: all }], split.train);
      }
      const parts = [split.train, split.test]
        .filter((rows) => rows.length > 0)
        .map((rows) => ({ fitted: fitStep(step, matrix, rows), rows }));
      return applied(matrix, parts, split.train);
    });
  });
  return matrix;
}

/** A step on some columns of a table. */
interface PlacedStep {
  readonly selected: readonly number[];
  readonly step: FittedStep;
}

function fitStep(written: PreprocessStep, { columns, x }: Matrix, rows: Int32Array): PlacedStep {
  const settings = stepSettings(written);
  const names = columns.map(({ name }) => name);
  const selected = settings.columns?.map((name) => placeOf(name, names)) ?? [...names.keys()];
  const width = columns.length;
  const data: FitData = {
    names: selected.map((j) => names[j]),
    rows: rows.length,
    present: (j) => {
      const values = new Float64Array(rows.length);
      let n = 0;
      for (const row of rows) {
        const value = x[row * width + selected[j]];
        if (!Number.isNaN(value)) values[n++] = value;
      }
      return values.subarray(0, n);
    },
    value: (row, j) => x[rows[row] * width + selected[j]],
  };
  return { selected, step: fitOf(settings)(data) };
}

function placeOf(name: string, names: readonly string[]): number {
  const place = names.indexOf(name);
  if (place !== -1) return place;
  throw new UnfitColumns(
    `it is for column "${name}", but there is no such column here.${didYouMean(name, names)}`,
  );
}

function fitOf(settings: StepWithSettings): Fit {
  switch (settings.step) {
    case "imputeMean":
    case "imputeMedian":
    case "imputeMostFrequent": {
      const strategy = STRATEGIES[settings.step];
      return impute({ strategy, value: 0, indicator: false });
    }
    case "impute":
      return impute(settings);
    case "log":
      return log;
    case "signedLog":
      return signedLog;
    case "clip":
      return clip(settings);
    case "standardize":
      return standardize;
    case "minMax":
      return minMax(settings.range);
    case "robust":
      return robust;
    case "oneHot":
      return oneHot(settings);
    case "ordinal":
      return ordinal;
    case "dropConstant":
      return dropConstant;
    case "dropCorrelated":
      return dropCorrelated(settings);
    case "pca":
      return pca(settings);
    case "whiten":
      return pca({ whiten: true });
    case "polynomial":
      return polynomial(settings);
  }
}

const STRATEGIES = {
  imputeMean: "mean",
  imputeMedian: "median",
  imputeMostFrequent: "mostFrequent",
} as const;

/**
 * Columns that a step keeps stay in their place, those that it makes come last. Rows that no part
 * names keep their values, which nobody reads.
 */
function applied(
  { columns, x }: Matrix,
  parts: readonly { readonly fitted: PlacedStep; readonly rows: Int32Array }[],
  train: Int32Array,
): Matrix {
  const [{ fitted }] = parts;
  checkSameOutputs(parts.map((part) => part.fitted.step));
  const { selected, step } = fitted;
  const keptBy = new Map(
    step.outputs.flatMap(({ from }, k) =>
      from === undefined ? [] : [[selected[from], k] as const],
    ),
  );
  const isSelected = new Set(selected);
  const stays = [...columns.keys()].filter((j) => !isSelected.has(j) || keptBy.has(j));
  const fresh = [...step.outputs.keys()].filter((k) => step.outputs[k].from === undefined);
  const width = stays.length + fresh.length;
  const rowCount = x.length / columns.length;
  const result = new Float64Array(rowCount * width);
  const row = new Float64Array(selected.length);
  const out = new Float64Array(step.outputs.length);
  // Where each value of a row comes from: the step, or the column as it was.
  const sources = [
    ...stays.map((j) => ({ output: keptBy.get(j) ?? -1, column: j })),
    ...fresh.map((output) => ({ output, column: -1 })),
  ];
  for (const part of parts) {
    for (const i of part.rows) {
      for (let k = 0; k < selected.length; k++) row[k] = x[i * columns.length + selected[k]];
      part.fitted.step.apply(row, out);
      for (let k = 0; k < width; k++) {
        const { output, column } = sources[k];
        result[i * width + k] = output === -1 ? x[i * columns.length + column] : out[output];
      }
    }
  }
  const facts = fresh.map((k, n) =>
    columnFacts({
      name: step.outputs[k].name,
      x: result,
      width,
      column: stays.length + n,
      rows: train,
    }),
  );
  return { columns: [...stays.map((j) => columns[j]), ...facts], x: result };
}

/** Fitted on each part by itself, a step may choose other columns in each. */
function checkSameOutputs(steps: readonly FittedStep[]): void {
  const [first, second] = steps.map(({ outputs }) => outputs.map(({ name }) => name).join());
  if (second === undefined || first === second) return;
  throw new UnfitColumns(
    "fitted on each part by itself it gives other columns in the test part; set data.fitOn to train",
  );
}

function atStep<T>(position: number, carryOut: () => T): T {
  try {
    return carryOut();
  } catch (error) {
    if (!(error instanceof UnfitColumns)) throw error;
    throw badData(["preprocess", position], `cannot be carried out: ${error.message}.`);
  }
}
