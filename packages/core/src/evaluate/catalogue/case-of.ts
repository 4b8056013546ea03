// A case of the catalogue: what is said of it, over what most cases have in common. Each is small, so
// that a diagnosis takes seconds.

import {
  type BenchmarkCase,
  type BenchmarkCaseInput,
  benchmarkCaseSchema,
} from "../benchmark-case.ts";
import { drawCaseData } from "../draw-case-data.ts";

type Layer = BenchmarkCaseInput["output"];

export interface CatalogueCase extends Partial<Omit<BenchmarkCaseInput, "data">> {
  readonly id: string;
  readonly title: string;
  readonly data: BenchmarkCaseInput["data"];
  /** Codes of root faults, and behind a "+" those that only contribute. */
  readonly roots: string;
}

export function caseOf({ roots, ...written }: CatalogueCase): BenchmarkCase {
  const [root, contributing = ""] = roots.split("+");
  const faults = (codes: string, severity: string) =>
    codes
      .split(" ")
      .filter(Boolean)
      .map((code) => ({ code, severity }));
  return benchmarkCaseSchema.parse({
    task: "binary",
    layers: dense(16, "relu"),
    output: SIGMOID,
    loss: "binary_crossentropy",
    optimizer: { name: "adam", lr: 0.01 },
    batch: 32,
    epochs: 40,
    faults: [...faults(root, "root"), ...faults(contributing, "contributing")],
    ...written,
  });
}

export const SIGMOID: Layer = { units: 1, activation: "sigmoid" };

export function softmax(units: number): Layer {
  return { units, activation: "softmax" };
}

/** Some layers of one width. */
export function dense(units: number, activation: string, layers = 1, more: object = {}): Layer[] {
  return Array.from({ length: layers }, () => ({ units, activation, ...more }));
}

const HOLD_OUT = { testFraction: 0.3 };

type Data = BenchmarkCaseInput["data"];

/** Two classes that a small network tells apart. */
export function twoClasses(params: object = {}, more: Partial<Data> = {}): Data {
  return {
    generator: "make_classification",
    params: { n_samples: 500, n_features: 8, n_informative: 5, random_state: 1, ...params },
    target: "int01",
    split: HOLD_OUT,
    ...more,
  };
}

/** K clouds. */
export function clouds(classes: number, params: object = {}, more: Partial<Data> = {}): Data {
  return {
    generator: "make_blobs",
    params: {
      n_samples: 600,
      centers: classes,
      n_features: 6,
      cluster_std: 3,
      random_state: 3,
      ...params,
    },
    target: "onehot",
    split: HOLD_OUT,
    ...more,
  };
}

/** Rows of a table as they are written here; the label comes last. */
export function table(rows: (number | null)[][], more: Partial<Data> = {}): Data {
  return { generator: "table", rows, target: "int01", split: null, ...more };
}

/** What most multi-class cases have. */
export function multiclass(classes: number) {
  return {
    task: "multiclass",
    output: softmax(classes),
    loss: "categorical_crossentropy",
  } as const;
}

/** What a recipe draws, for a case that does something else to its rows. */
export function rowsOf(data: Data) {
  const { data: read } = caseOf({ id: "", title: "", roots: "", data });
  return drawCaseData(read, { generators: {}, offset: 0 });
}
