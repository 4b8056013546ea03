// The parameters of a sweep: nested ones flattened, each with its values or its range.

import type { SpecPath, SpecProblem } from "../spec/errors.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import type { Choices, Range, SweepParameter } from "./sweep.ts";
import { parameterSchema, type WrittenParameter } from "./sweep-schema.ts";
import { TARGET_WORDS, targetOf } from "./targets.ts";

export interface ParsedParameters {
  /** Those that are sound. */
  readonly parameters: readonly SweepParameter[];
  /** Of all that are written. */
  readonly names: readonly string[];
  readonly problems: readonly SpecProblem[];
}

export function parseParameters(written: Readonly<Record<string, unknown>>): ParsedParameters {
  const parameters: SweepParameter[] = [];
  const problems: SpecProblem[] = [];
  const all = leaves(written, [], ["parameters"]);
  const names = all.map(({ name }) => name);
  for (const { name, path, value } of all) {
    const fail = (message: string) => problems.push({ code: "SPEC_INVALID_VALUE", path, message });
    const parsed = parameterSchema.safeParse(longForm(value), { reportInput: true });
    if (!parsed.success) {
      problems.push(...schemaProblems(parameterSchema, parsed.error, value, path));
      continue;
    }
    if (targetOf(name) === undefined) {
      const message = `is nothing that a spec can vary; name ${TARGET_WORDS}.`;
      problems.push({ code: "SPEC_UNKNOWN_NAME", path, message });
      continue;
    }
    const from = valuesOf(parsed.data);
    if (typeof from === "string") fail(from);
    else parameters.push({ name, from, ...conditions(parsed.data) });
  }
  return { parameters, names, problems: [...problems, ...conditionProblems(parameters, names)] };
}

interface Leaf {
  readonly name: string;
  readonly path: SpecPath;
  readonly value: unknown;
}

/** Nested parameters are named by all that they are nested in. */
function leaves(
  written: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: SpecPath,
): Leaf[] {
  return Object.entries(written).flatMap(([name, value]) => {
    const own = [...names, name];
    const nested = isFields(value) ? value.parameters : undefined;
    return isFields(nested)
      ? leaves(nested, own, [...path, name, "parameters"])
      : [{ name: own.join("."), path: [...path, name], value }];
  });
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list is short for its values, anything else that is no object for its one value. */
function longForm(value: unknown): unknown {
  if (Array.isArray(value)) return { values: value };
  return isFields(value) ? value : { value };
}

function conditions({ when }: WrittenParameter): Pick<SweepParameter, "when"> {
  if (when === undefined) return {};
  const lists = Object.entries(when).map(([name, value]) => [
    name,
    Array.isArray(value) ? value : [value],
  ]);
  return { when: Object.fromEntries(lists) };
}

/** What a parameter takes its values from, or why there is nothing. */
function valuesOf(written: WrittenParameter): Choices | Range | string {
  const { value, values, probabilities, distribution } = written;
  if (values !== undefined) {
    if (probabilities === undefined) return { kind: "values", values };
    const sum = probabilities.reduce((total, each) => total + each, 0);
    if (probabilities.length !== values.length || Math.abs(sum - 1) > 1e-6) {
      return `has ${probabilities.length} probabilities for ${values.length} values, and their sum is ${Number(sum.toPrecision(6))}; give one per value, 1 in sum.`;
    }
    return { kind: "values", values, probabilities };
  }
  if ("value" in written) return { kind: "values", values: [value] };
  return rangeOf(distribution ?? usualDistribution(written), written);
}

/** Numbers between whole numbers are whole. */
function usualDistribution({ min, max }: WrittenParameter): Distribution {
  return Number.isInteger(min) && Number.isInteger(max) ? "int_uniform" : "uniform";
}

type Distribution = NonNullable<WrittenParameter["distribution"]>;

function rangeOf(
  distribution: Distribution,
  { min, max, mu, sigma, q }: WrittenParameter,
): Range | string {
  const word = distribution.replace(/^q_/, "");
  const step = distribution.startsWith("q_") ? { q: q ?? 1 } : q === undefined ? {} : { q };
  if (word === "normal" || word === "log_normal") {
    const kind = word === "normal" ? "normal" : "logNormal";
    return { kind, mu: mu ?? 0, sigma: sigma ?? 1, ...step };
  }
  if (word === "constant" || word === "categorical") {
    return `is ${word} and has no ${word === "constant" ? "value" : "values"}.`;
  }
  if (min === undefined || max === undefined || !(min <= max)) {
    return "has no values, no value, and no range from min to max.";
  }
  if (word === "int_uniform") {
    return Number.isInteger(min) && Number.isInteger(max)
      ? { kind: "intUniform", min, max }
      : `goes from ${min} to ${max}; int_uniform goes between whole numbers.`;
  }
  if (word === "uniform") return { kind: "uniform", min, max, ...step };
  const isExponents = word === "log_uniform";
  const [low, high] = isExponents ? [Math.exp(min), Math.exp(max)] : [min, max];
  if (low <= 0) return `starts at ${min}; a logarithm needs more than 0.`;
  if (!Number.isFinite(high)) {
    return `ends at e^${max}; log_uniform takes exponents, log_uniform_values the values themselves.`;
  }
  return { kind: "logUniform", min: low, max: high, ...step };
}

function conditionProblems(
  parameters: readonly SweepParameter[],
  names: readonly string[],
): SpecProblem[] {
  const unknown = parameters.flatMap(({ name, when = {} }) =>
    Object.keys(when)
      .filter((other) => !names.includes(other) || other === name)
      .map(
        (other): SpecProblem => ({
          code: "SPEC_UNKNOWN_NAME",
          path: ["parameters", name, "when"],
          message: `asks for "${other}", which is no other parameter of this sweep (${names.join(", ")}).`,
        }),
      ),
  );
  const isWhole = parameters.length === names.length;
  return unknown.length > 0 || !isWhole ? unknown : circles(parameters);
}

/** Parameters that are there only if the other is. */
function circles(parameters: readonly SweepParameter[]): SpecProblem[] {
  const placed = new Set<string>();
  const waiting = new Set(parameters);
  for (let before = -1; before !== placed.size; ) {
    before = placed.size;
    for (const parameter of waiting) {
      if (!Object.keys(parameter.when ?? {}).every((name) => placed.has(name))) continue;
      placed.add(parameter.name);
      waiting.delete(parameter);
    }
  }
  return [...waiting].map(({ name }) => ({
    code: "SPEC_INVALID_VALUE",
    path: ["parameters", name, "when"],
    message: "waits for a parameter that waits for this one; take one of the conditions out.",
  }));
}
