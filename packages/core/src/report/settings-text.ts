// What a variant was trained on and how, as a line to read and not to parse.

import { optimizerSchema } from "../spec/optimizers.ts";
import { type DataSpec, lossSchema, type Variant } from "../spec/spec.ts";

/** "numpy, seed 42, features (rand 1000 x 20), ...; split (testSize 0.2, ...)" */
export function dataText({ source, ...data }: DataSpec): string {
  const { split } = data;
  // The size of a test part means nothing to folds.
  const rest =
    split?.folds === undefined ? data : { ...data, split: { ...split, testSize: undefined } };
  if (source.kind !== "inline")
    return `${source.kind}, ${describe(source, ["kind"])}; ${describe(rest)}`;
  const columns = source.rows[0]?.length ?? 0;
  return `inline, ${source.rows.length} rows of ${columns} columns; ${describe(rest)}`;
}

/** "loss binaryCrossentropy, optimizer adam (beta1 0.8), epochs 50, ..."; Keras's defaults unsaid. */
export function trainingText({ loss, optimizer, learningRate, ...rest }: Variant["train"]): string {
  return [
    `loss ${namedText(loss, lossSchema.parse(loss.name))}`,
    `optimizer ${namedText(optimizer, optimizerSchema.parse(optimizer.name))}`,
    describe({ learningRate }),
    describe(rest),
  ].join(", ");
}

/** The name, and those settings that are not the usual ones of that name. */
function namedText(value: { readonly name: string }, usual: object): string {
  const defaults = new Map<string, unknown>(Object.entries(usual));
  const unsaid = Object.entries(value).filter(([key, inner]) => inner === defaults.get(key));
  const settings = describe(
    value,
    unsaid.map(([key]) => key),
  );
  return settings === "" ? value.name : `${value.name} (${settings})`;
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
