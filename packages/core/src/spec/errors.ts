// What can be wrong with a spec. Codes are stable and meant for machines; messages for people.

export type SpecProblemCode =
  /** The text is not YAML or JSON, or not an object. */
  | "SPEC_NOT_AN_OBJECT"
  /** A key that the schema does not have. */
  | "SPEC_UNKNOWN_KEY"
  /** A key that must be there and is not. */
  | "SPEC_MISSING"
  /** A value of the wrong type, outside its range, or not one of the allowed words. */
  | "SPEC_INVALID_VALUE"
  /** A variant, claim or column that names something that does not exist. */
  | "SPEC_UNKNOWN_NAME"
  /** Units, activation, loss and labels that do not fit each other. */
  | "SPEC_SHAPE_MISMATCH"
  /** Rows, labels or values that no network can be trained on. */
  | "SPEC_BAD_DATA";

export type SpecPath = readonly (string | number)[];

export interface SpecProblem {
  readonly code: SpecProblemCode;
  readonly path: SpecPath;
  /** What is wrong, with the value; then the way out. */
  readonly message: string;
}

/** Every problem of a spec at once. */
export class SpecError extends Error {
  readonly code = "SPEC_INVALID";
  readonly problems: readonly SpecProblem[];

  constructor(problems: readonly SpecProblem[]) {
    super(problems.map((p) => `${printPath(p.path)}: ${p.message}`).join("\n"));
    this.name = "SpecError";
    this.problems = problems;
  }
}

/** `model.layers[2].units`; `(spec)` for the whole. */
export function printPath(path: SpecPath): string {
  if (path.length === 0) return "(spec)";
  return path
    .map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`))
    .join("");
}
