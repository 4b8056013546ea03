// Rows that stand in a spec would be hashed and parsed with every trial; a table is named by its digest.

import { onTable } from "../dataset/on-table.ts";
import type { Tables } from "../dataset/table.ts";
import type { Spec } from "../spec/spec.ts";

interface OnTable {
  readonly base: Spec;
  readonly tables: Tables;
}

/** The spec with the name of a table for rows that it holds itself. */
export function rowsAsTable(spec: Spec, given: Tables = new Map()): OnTable {
  if (spec.data.source.kind !== "inline") return { base: spec, tables: given };
  const before = known.get(spec);
  if (before !== undefined) return before;
  const made = onTable(spec, given);
  known.set(spec, made);
  return made;
}

const known = new WeakMap<Spec, OnTable>();
