// The facts that checks read, each computed once per dataset and only when a check asks for it.
// Where every row would be too slow, a fact says how many rows it was computed from.

import type { Dataset } from "../../dataset/dataset.ts";
import { labelRunsOf } from "../../dataset/label-runs.ts";
import { columnValues } from "./column-values.ts";
import { conflictFacts } from "./conflicts.ts";
import { correlationFacts } from "./correlation.ts";
import { informedLabels } from "./informed-labels.ts";
import { inputFacts } from "./inputs.ts";
import { ladderFacts } from "./ladders.ts";
import { predictorFacts } from "./predictors.ts";
import { sortedColumns } from "./sorted-columns.ts";
import { columnSpreads } from "./spreads.ts";

const FACTS = {
  /** Every column before preprocessing, over the training part. */
  columns: ({ columns }: Dataset) => columns,
  shape: ({ columns, classes, train, test }: Dataset) => ({
    inputs: columns.length,
    classes: classes.length,
    rows: train.rows,
    testRows: test.rows,
  }),
  labels: ({ classes, train, test, labelRuns }: Dataset) => ({
    classes,
    /** Runs of equal labels in the rows as written. */
    runs: labelRuns,
    /** In the rows as they are trained on where nothing shuffles them. */
    trainRuns: labelRunsOf(train.y),
    train: countsOf(train.y, classes.length),
    test: countsOf(test.y, classes.length),
  }),
  /** Every column as the network sees it, over the training part. */
  inputs: (dataset: Dataset) => inputFacts(factsOf(dataset).byColumn, dataset),
  byColumn: columnValues,
  /** Training rows that are equal and have different labels. */
  conflicts: conflictFacts,
  /** A sample of each column in ascending order, with its rows' labels. */
  sorted: (dataset: Dataset) => sortedColumns(factsOf(dataset).byColumn, dataset),
  /** How well each column tells the label by itself. */
  predictors: (dataset: Dataset) => predictorFacts(factsOf(dataset).sorted, dataset),
  /** Whether each column by itself tells anything of the label. */
  informed: (dataset: Dataset) => {
    const { sorted, predictors } = factsOf(dataset);
    return informedLabels(sorted, predictors, dataset);
  },
  /** Where each column's values lie, in both parts. */
  spreads: columnSpreads,
  /** Columns whose values are steps of one ladder, no two alike. */
  ladders: (dataset: Dataset) =>
    ladderFacts(factsOf(dataset).sorted, factsOf(dataset).byColumn, dataset),
  correlation: (dataset: Dataset) => correlationFacts(factsOf(dataset).byColumn, dataset),
};

export type FactName = keyof typeof FACTS;
export type Facts = { readonly [Name in FactName]: ReturnType<(typeof FACTS)[Name]> };

const computed = new WeakMap<Dataset, Facts>();

export function factsOf(dataset: Dataset): Facts {
  const known = computed.get(dataset);
  if (known !== undefined) return known;
  const facts = {} as Facts;
  for (const name of Object.keys(FACTS) as FactName[]) {
    Object.defineProperty(facts, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = FACTS[name](dataset);
        Object.defineProperty(facts, name, { value });
        return value;
      },
    });
  }
  computed.set(dataset, facts);
  return facts;
}

function countsOf(labels: Float32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}
