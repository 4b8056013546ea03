// Rows before anything is done to them: what a source gives.

import { canonicalJson, contentHash } from "../shared/content-hash.ts";
import type { TableSource } from "../spec/spec.ts";

export interface Table {
  readonly rows: number;
  readonly columns: readonly string[];
  /** (rows, columns), row-major, float64; a missing value is NaN. */
  readonly x: Float64Array;
  /** One per row: class names or class numbers. */
  readonly labels: readonly (string | number)[];
  /** One per row: what its loss is multiplied by; absent: all 1. */
  readonly sampleWeight?: readonly number[];
  /** One per row: rows of one group are never on both sides of a split. */
  readonly groups?: readonly (string | number)[];
}

/** The tables that specs name, by `tableKey`; whoever may read files fills it. */
export type Tables = ReadonlyMap<string, Table>;

export function tableKey(source: TableSource): string {
  return canonicalJson(source);
}

/** A source that names this table, and nothing that a file could change. */
export function tableSource(table: Table, path: string): TableSource {
  const { rows, columns, labels, sampleWeight, groups } = table;
  const x = Array.from(table.x);
  const digest = contentHash({ rows, columns, x, labels, sampleWeight, groups });
  return {
    kind: "table",
    path,
    digest,
    ...(sampleWeight ? { sampleWeight: "weights" } : {}),
    ...(groups ? { groups: "groups" } : {}),
  };
}
