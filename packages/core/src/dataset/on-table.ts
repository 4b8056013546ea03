// A spec whose rows stand in it, or are drawn, as one that names a table by its digest.

import type { Spec } from "../spec/spec.ts";
import { drawTable } from "./load-dataset.ts";
import { type Tables, tableKey, tableSource } from "./table.ts";

/** @returns The spec, and the one table that it then names. */
export function onTable(spec: Spec, given: Tables): { base: Spec; tables: Tables } {
  const { source } = spec.data;
  const table = drawTable(source, 0, given);
  const named = tableSource(table, source.kind);
  return {
    base: { ...spec, data: { ...spec.data, source: named } },
    tables: new Map([[tableKey(named), table]]),
  };
}
