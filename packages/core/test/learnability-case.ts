// Tables for tests of what can be learned at all: real ones, and drawn ones with a known rule.

/// <reference types="node" />
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadDatasets } from "../src/compile/compile.ts";
import type { Dataset } from "../src/dataset/dataset.ts";
import { normalAt, uniformAt } from "../src/shared/random.ts";
import { parseSpec } from "../src/spec/parse-spec.ts";
import type { SpecInput } from "../src/spec/spec.ts";

export interface Rows {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly (string | number)[];
  readonly groups?: readonly (string | number)[];
}

export function datasetOf(source: Rows | SpecInput["data"]): Dataset {
  const data: SpecInput["data"] =
    "rows" in source
      ? {
          source: {
            kind: "inline",
            rows: source.rows.map((row) => [...row]),
            labels: [...source.labels],
            ...(source.groups ? { groups: [...source.groups] } : {}),
          },
        }
      : source;
  const spec = parseSpec({
    name: "case",
    data,
    model: { layers: [{ units: 16, activation: "softmax" }] },
    train: { loss: "categoricalCrossentropy", epochs: 1 },
  });
  return [...loadDatasets(spec).values()][0];
}

const FOLDER = resolve(import.meta.dirname, "../../../test-fixtures/data");

/** A table of test-fixtures/data whose features are numbers or missing. */
export function fixture(name: string, target: string): Rows {
  const lines = readFileSync(join(FOLDER, `${name}.csv`), "utf8")
    .trim()
    .split(/\r?\n/);
  const [head, ...cells] = lines.map((line) => line.split(","));
  const label = head.indexOf(target);
  return {
    rows: cells.map((row) =>
      row.flatMap((cell, j) => (j === label ? [] : [cell === "" ? null : Number(cell)])),
    ),
    labels: cells.map((row) => row[label]),
  };
}

/** Standard normal columns, labelled by a rule of a row and a normal number of noise. */
export function drawn(
  rows: number,
  columns: number,
  label: (row: readonly number[], noise: number) => number,
  seed = 1,
): Rows {
  const x = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => normalAt(seed, 0, i * columns + j)),
  );
  return { rows: x, labels: x.map((row, i) => label(row, normalAt(seed, 1, i))) };
}

/** A share of the labels replaced by another class, and which rows they are. */
export function flipped({ rows, labels }: Rows, share: number): Rows & { wrong: number[] } {
  const classes = [...new Set(labels)].sort();
  const wrong = labels.flatMap((_, i) => (uniformAt(9, 0, i) < share ? [i] : []));
  return {
    rows,
    wrong,
    labels: labels.map((label, i) =>
      wrong.includes(i) ? classes[(classes.indexOf(label) + 1) % classes.length] : label,
    ),
  };
}
