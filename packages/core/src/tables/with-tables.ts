// Reads the tables that a spec as written names, its own and those of its variants' patches.

import { type Table, type Tables, tableKey } from "../dataset/table.ts";
import { type TableSource, tableSource } from "../spec/table-source.ts";
import type { ReadTable } from "./read-table.ts";

export interface SpecWithTables {
  /** The spec, its sources as they were read. */
  readonly spec: unknown;
  readonly tables: Tables;
}

/** A table that is described wrongly is left alone: `parseSpec` says what is wrong with it. */
export async function withTables(
  spec: unknown,
  read: (source: TableSource) => Promise<Pick<ReadTable, "table" | "source">>,
): Promise<SpecWithTables> {
  const described = new Map<string, TableSource>();
  mapSources(spec, (source) => {
    const parsed = tableSource.safeParse(source);
    if (parsed.success) described.set(tableKey(parsed.data), parsed.data);
    return source;
  });
  const sources = new Map<string, TableSource>();
  const tables = new Map<string, Table>();
  for (const [key, source] of described) {
    const found = await read(source);
    sources.set(key, found.source);
    tables.set(tableKey(found.source), found.table);
  }
  const mapped = mapSources(spec, (source) => {
    const parsed = tableSource.safeParse(source);
    return parsed.success ? sources.get(tableKey(parsed.data)) : source;
  });
  return { spec: mapped, tables };
}

/** The spec with other sources in it, in its own place and in its variants' patches. */
export function mapSources(spec: unknown, map: (source: Fields) => unknown): unknown {
  if (!isRecord(spec)) return spec;
  const mapped = mapSource(spec, map);
  if (!isRecord(mapped.variants)) return mapped;
  const variants = Object.entries(mapped.variants).map(([name, patch]) => [
    name,
    isRecord(patch) ? mapSource(patch, map) : patch,
  ]);
  return { ...mapped, variants: Object.fromEntries(variants) };
}

function mapSource(part: Fields, map: (source: Fields) => unknown): Fields {
  const { data } = part;
  if (!isRecord(data) || !isRecord(data.source)) return part;
  return { ...part, data: { ...data, source: map(data.source) } };
}

type Fields = Record<string, unknown>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
