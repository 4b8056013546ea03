// The real tables of test-fixtures, as numbers: categories as 0 and 1, missing cells as null, labels
// as class indices.

import { readFileSync } from "node:fs";
import {
  type InjectionTable,
  injectionTable,
  readTable,
  type SpecInput,
} from "@convergence-lab/core";
import { inRepository } from "../repository.ts";

/** The column that holds the classes. In the order in which faults are put into the tables. */
const TARGETS = {
  iris: "class",
  wine: "class",
  "breast-cancer": "class",
  "pima-diabetes": "diabetes",
  "house-votes": "Class",
} as const;

export type FixtureTables = Readonly<Record<keyof typeof TARGETS, InjectionTable>>;

export async function fixtureTables(): Promise<FixtureTables> {
  const entries = Object.entries(TARGETS).map(async ([name, target]) => {
    const path = `test-fixtures/data/${name}.csv`;
    const chunks = one(readFileSync(inRepository(path)));
    const { table } = await readTable({ name: path, chunks }, { kind: "table", path, target });
    return [name, injectionTable(name, table)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as unknown as FixtureTables;
}

/** The rows as they stand in a spec. */
export function inlineSource({ columns, rows, labels }: InjectionTable) {
  return {
    kind: "inline",
    columns: [...columns],
    rows: rows.map((row) => [...row]),
    labels: [...labels],
  } satisfies SpecInput["data"]["source"];
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}
