// What can be wrong with data that stands in the spec itself.

import type { SpecPath, SpecProblem } from "./errors.ts";
import type { DataSpec } from "./spec.ts";

/** As many classes as a head may have outputs. */
const MAX_CLASSES = 4096;

export interface InlineDataOptions {
  /** Leave out labels that are to be read as class indices and are none. */
  readonly allowAnyLabel?: boolean;
}

export function inlineDataProblems(
  data: DataSpec,
  prefix: SpecPath,
  { allowAnyLabel = false }: InlineDataOptions = {},
): SpecProblem[] {
  const { source } = data;
  const at = (...path: SpecPath) => [...prefix, "source", ...path];
  const bad: Bad = (path, message) => ({
    code: "SPEC_BAD_DATA",
    path: at(...path),
    message,
  });
  if (source.kind === "table") return [];
  if (source.kind === "numpy") {
    const problems: SpecProblem[] = [];
    const { low, high, size } = source.labels.randint;
    const rows = Object.values(source.features).map((f) =>
      Array.isArray(f) ? f[0] : f.size[0],
    )[0];
    if (high - low < 2) {
      problems.push(
        bad(
          ["labels", "randint"],
          `draws from [${low}, ${high}), which holds ${Math.max(0, high - low)} class; set high to at least low + 2.`,
        ),
      );
    }
    if (rows !== size) {
      problems.push(
        bad(["labels", "randint", "size"], `is ${size} but there are ${rows} rows of features.`),
      );
    }
    return problems;
  }

  const { rows, labels, columns } = source;
  if (rows.length === 0) return [bad(["rows"], "has no rows; a network needs data to train on.")];
  const problems: SpecProblem[] = [];
  const width = rows[0].length;
  if (width === 0) problems.push(bad(["rows", 0], "has no values; give at least one feature."));
  rows.forEach((row, i) => {
    if (row.length !== width) {
      problems.push(bad(["rows", i], `has ${row.length} values but the first row has ${width}.`));
    }
  });
  if (labels.length !== rows.length) {
    problems.push(
      bad(["labels"], `has ${labels.length} labels for ${rows.length} rows; give one per row.`),
    );
  }
  if (columns !== undefined && columns.length !== width) {
    problems.push(
      bad(["columns"], `names ${columns.length} columns but rows have ${width} values.`),
    );
  }
  const classes = new Set(labels.map(String));
  if (labels.length > 0 && classes.size < 2) {
    problems.push(
      bad(
        ["labels"],
        `are all "${[...classes][0]}"; with one class there is nothing to tell apart, add rows of another.`,
      ),
    );
  }
  labels.forEach((label, i) => {
    if (typeof label === "number" && !Number.isFinite(label)) {
      problems.push(bad(["labels", i], `is ${label}; a label must be a name or a finite number.`));
    }
  });
  const { groups } = source;
  if (groups !== undefined && groups.length !== rows.length) {
    problems.push(
      bad(["groups"], `has ${groups.length} groups for ${rows.length} rows; give one per row.`),
    );
  }
  problems.push(...weightProblems(source.sampleWeight, rows.length, bad));
  if (!allowAnyLabel) problems.push(...labelIndexProblems(data, bad));
  return problems;
}

type Bad = (path: SpecPath, message: string) => SpecProblem;

function weightProblems(
  weights: readonly (number | null)[] | undefined,
  rows: number,
  bad: Bad,
): SpecProblem[] {
  if (weights === undefined) return [];
  const problems = weights.flatMap((weight, i) =>
    weight !== null && Number.isFinite(weight) && weight >= 0
      ? []
      : [bad(["sampleWeight", i], `is ${weight}; a weight must be a finite number of at least 0.`)],
  );
  if (weights.length !== rows) {
    problems.push(
      bad(["sampleWeight"], `has ${weights.length} weights for ${rows} rows; give one per row.`),
    );
  }
  if (weights.length > 0 && weights.every((weight) => weight === 0)) {
    problems.push(bad(["sampleWeight"], "is 0 for every row; give some row a weight above 0."));
  }
  return problems;
}

function labelIndexProblems({ source, labels }: DataSpec, bad: Bad): SpecProblem[] {
  if (labels !== "indices" || source.kind !== "inline") return [];
  const i = source.labels.findIndex((label) => !isClassIndex(label));
  return i === -1 ? [] : [bad(["labels", i], noIndexText(source.labels[i]))];
}

/** Whether a label can be read as a class index. */
export function isClassIndex(label: string | number): boolean {
  const index = Number(label);
  return (
    String(label).trim() !== "" && Number.isInteger(index) && index >= 0 && index < MAX_CLASSES
  );
}

export function noIndexText(label: string | number): string {
  return `is ${JSON.stringify(label)}, which is no index from 0 to ${MAX_CLASSES - 1}; leave out data.labels to have the classes numbered.`;
}
