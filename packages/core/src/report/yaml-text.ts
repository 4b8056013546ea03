// A spec or a part of one as YAML, as a person would write it: short things on one line, and nothing
// that would be so anyway. Every text it writes is read back as the same value by any YAML 1.2 reader.

import { type SpecInput, specSchema } from "../spec/spec.ts";
import { mapSources } from "../tables/with-tables.ts";

/** Lines are broken where they would be longer. */
const WIDTH = 96;
/** Rows of which a spec is still readable. */
const MOST_ROWS = 20;

/**
 * Less what defaults say, and without the digest of a file: the corrected spec is for other rows too.
 *
 * @param mostRows More rows than this in the spec itself are left out, with a comment in their place.
 */
export function specText(spec: SpecInput, mostRows = MOST_ROWS): string {
  const { source } = spec.data;
  if (source.kind !== "inline" || source.rows.length <= mostRows) {
    const undated = mapSources(withoutDefaults(spec), withoutDigest) as SpecInput;
    return yamlText(withoutWeightsDigest(undated));
  }
  const shown = withoutDefaults({ ...spec, data: { ...spec.data, source: STUB } });
  const note = `# the ${source.rows.length} rows as they stand in your spec`;
  return yamlText(shown).replace(/^( *)source: .*(\n\1 .*)*/m, `$1source: ${note}`);
}

function withoutDigest({ digest: _, ...described }: Fields): Fields {
  return described;
}

function withoutWeightsDigest(spec: SpecInput): SpecInput {
  const { initialWeights, ...model } = spec.model;
  if (typeof initialWeights !== "object" || initialWeights === null) return spec;
  const described = withoutDigest(initialWeights as Fields);
  const shortest = Object.keys(described).length === 1 ? described.path : described;
  return { ...spec, model: { ...model, initialWeights: shortest } };
}

/** Data that costs nothing to parse: what stands around it does not depend on it. */
const STUB: SpecInput["data"]["source"] = {
  kind: "inline",
  rows: [[0], [1]],
  labels: [0, 1],
};

/** What a reader looks for although it is the default. */
const ALWAYS: ReadonlySet<string> = new Set([
  "version",
  "optimizer",
  "learningRate",
  "batchSize",
  "activation",
]);

/** The shortest spec that is parsed to the same. */
function withoutDefaults(spec: SpecInput): SpecInput {
  const { source } = spec.data;
  const parsed = (value: unknown) => JSON.stringify(specSchema.safeParse(value).data);
  let shortest: unknown = { ...spec, data: { ...spec.data, source: STUB } };
  const full = parsed(shortest);
  const tryWith = (path: readonly string[], change: (value: unknown) => unknown) => {
    const changed = changedAt(shortest, path, change);
    if (parsed(changed) === full) shortest = changed;
  };
  const visit = (value: unknown, path: readonly string[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      const inner = (value as Fields)[key];
      visit(inner, [...path, key]);
      if (!Array.isArray(value) && !ALWAYS.has(key)) tryWith([...path, key], () => undefined);
      tryWith([...path, key], nameAlone);
    }
  };
  visit(shortest, []);
  return changedAt(shortest, ["data", "source"], () => source) as SpecInput;
}

/** `relu` for `{ name: relu }`. */
function nameAlone(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { name, ...rest } = value as Fields;
  return name !== undefined && Object.keys(rest).length === 0 ? name : value;
}

type Fields = Record<string, unknown>;

/** A copy with another value at a path; undefined takes the key away. */
function changedAt(
  target: unknown,
  [key, ...rest]: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  if (key === undefined) return change(target);
  if (Array.isArray(target)) {
    return target.map((item, i) => (String(i) === key ? changedAt(item, rest, change) : item));
  }
  const { [key]: old, ...others } = target as Fields;
  const changed = changedAt(old, rest, change);
  if (changed === undefined) return others;
  return Object.fromEntries(
    Object.entries(target as Fields).map(([name, value]) => [name, name === key ? changed : value]),
  );
}

/**
 * Block style for the first two levels, then on one line what fits on one.
 *
 * @param depth Levels above the value.
 */
export function yamlText(value: unknown, depth = 0): string {
  return `${block(value, "", depth).join("\n")}\n`;
}

function block(value: unknown, indent: string, depth: number): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item) => nested(`${indent}- `, item, `${indent}  `, depth + 1));
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return entries.flatMap(([key, item]) =>
      nested(`${indent}${scalar(key)}: `, item, `${indent}  `, depth + 1),
    );
  }
  return [indent + flow(value)];
}

/** A value behind its key or dash: on that line, or below it. */
function nested(head: string, value: unknown, indent: string, depth: number): string[] {
  const line = head + flow(value);
  const isSmall = depth > 1 || !isRecord(value);
  if (isEmpty(value) || typeof value !== "object" || value === null) return [line];
  if (isSmall && line.length <= WIDTH) return [line];
  const lines = block(value, indent, depth);
  if (!head.endsWith("- ")) return [head.trimEnd(), ...lines];
  return [head + lines[0].slice(indent.length), ...lines.slice(1)];
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (!isRecord(value)) return scalar(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  return `{ ${entries.map(([key, item]) => `${scalar(key)}: ${flow(item)}`).join(", ")} }`;
}

/** Words that some reader takes for something else than text. */
const RESERVED = /^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i;

function scalar(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? ".nan" : `${value > 0 ? "" : "-"}.inf`;
  }
  if (typeof value !== "string") return String(value);
  const isPlain = /^[A-Za-z_][\w./-]*$/.test(value) && !RESERVED.test(value);
  return isPlain ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
