// What is done to whole rows before they are split: another order, and classes that become one.

import { didYouMean } from "../shared/did-you-mean.ts";
import type { DataSpec } from "../spec/spec.ts";
import { badData } from "./bad-data.ts";
import { RandomState } from "./numpy/random-state.ts";
import type { Table } from "./table.ts";

/** The order that `sklearn.utils.shuffle` gives, whose random_state shuffles the row numbers. */
export function shuffled(table: Table, { shuffle }: DataSpec, dataSeed: number): Table {
  if (shuffle === undefined) return table;
  const { rows, columns, labels, sampleWeight, groups } = table;
  const order = new RandomState((shuffle.randomState + dataSeed) >>> 0).permutation(rows);
  const width = columns.length;
  const x = new Float64Array(table.x.length);
  order.forEach((row, i) => {
    x.set(table.x.subarray(row * width, (row + 1) * width), i * width);
  });
  const pick = <T>(values: readonly T[]) => Array.from(order, (row) => values[row]);
  return {
    ...table,
    x,
    labels: pick(labels),
    ...(sampleWeight === undefined ? {} : { sampleWeight: pick(sampleWeight) }),
    ...(groups === undefined ? {} : { groups: pick(groups) }),
  };
}

/** @throws SpecError (SPEC_BAD_DATA) for a label that no row has, or that is in two classes */
export function mergedClasses(table: Table, { mergeClasses, labels }: DataSpec): Table {
  if (mergeClasses === undefined) return table;
  if (labels === "indices") {
    throw badData(
      ["mergeClasses"],
      "gives classes names, and data.labels takes indices; leave one out.",
    );
  }
  const present = new Set(table.labels.map(String));
  const classOf = new Map<string, string>();
  for (const [name, members] of Object.entries(mergeClasses)) {
    for (const member of members.map(String)) {
      if (!present.has(member)) {
        throw badData(
          ["mergeClasses", name],
          `names the label "${member}", which no row has.${didYouMean(member, [...present])}`,
        );
      }
      if (classOf.has(member)) {
        throw badData(
          ["mergeClasses", name],
          `names the label "${member}", which is in another class too.`,
        );
      }
      classOf.set(member, name);
    }
  }
  return { ...table, labels: table.labels.map((label) => classOf.get(String(label)) ?? label) };
}
