// What a variant was trained on and how, as a line to read and not to parse.

import type { DataSpec, Variant } from "../spec/spec.ts";

/** "numpy, seed 42, features (rand 1000 x 20), ...; split (testSize 0.2, ...)" */
export function dataText({ source, ...rest }: DataSpec): string {
  if (source.kind !== "inline")
    return `${source.kind}, ${describe(source, ["kind"])}; ${describe(rest)}`;
  const columns = source.rows[0]?.length ?? 0;
  return `inline, ${source.rows.length} rows of ${columns} columns; ${describe(rest)}`;
}

/** "loss binaryCrossentropy, optimizer (name adam, ...), epochs 50, ..." */
export function trainingText(train: Variant["train"]): string {
  return describe(train);
}

function describe(value: object, without: readonly string[] = []): string {
  return Object.entries(value)
    .filter(([key, inner]) => inner !== undefined && !without.includes(key))
    .map(([key, inner]) => `${key} ${describeValue(inner)}`)
    .join(", ");
}

function describeValue(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? "none" : value.map(describeValue).join(" x ");
  if (typeof value === "object" && value !== null) return `(${describe(value)})`;
  return String(value);
}
