// A schema's complaints as problems that a person can act on: the value, what was expected, and
// the nearest correct word.

import type * as z from "zod/mini";
import { didYouMean } from "../shared/did-you-mean.ts";
import type { SpecPath, SpecProblem } from "./errors.ts";

type Issue = z.core.$ZodIssue;

/** All problems of a failed parse; `prefix` is where `value` stands in the spec. */
export function schemaProblems(
  schema: z.core.$ZodType,
  error: z.core.$ZodError,
  value: unknown,
  prefix: SpecPath = [],
): SpecProblem[] {
  return error.issues.flatMap((issue) => problemsOf(schema, issue, value, prefix));
}

function problemsOf(
  schema: z.core.$ZodType,
  issue: Issue,
  root: unknown,
  prefix: SpecPath,
): SpecProblem[] {
  const written = writtenAt(root, issue.path as SpecPath);
  const path = [...prefix, ...written.path];
  const found = written.value;
  switch (issue.code) {
    case "unrecognized_keys": {
      // A union's other branches may have the very key.
      const known = keysAt(schema, issue.path).filter((key) => !issue.keys.includes(key));
      return issue.keys.map((key) => ({
        code: "SPEC_UNKNOWN_KEY",
        path: [...path, key],
        message: `"${key}" is not a key here.${didYouMean(key, known)}`,
      }));
    }
    case "invalid_union": {
      const branch = likeliestBranch(issue.errors as Issue[][]);
      if (branch.length > 0) {
        const nested = (inner: Issue) =>
          ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue;
        return branch.flatMap((inner) => problemsOf(schema, nested(inner), root, prefix));
      }
      return [unknownKind(issue, path, found)];
    }
    default:
      if (found === undefined) {
        return [
          { code: "SPEC_MISSING", path, message: `is missing; ${expectation(issue, found)}.` },
        ];
      }
      return [invalidValue(path, found, issue)];
  }
}

/** A discriminated union whose discriminator is absent or unknown. */
function unknownKind(issue: Issue, path: SpecPath, found: unknown): SpecProblem {
  const { options = [] } = issue as { options?: unknown[] };
  const hint = typeof found === "string" ? didYouMean(found, options.map(String)) : "";
  return {
    code: found === undefined ? "SPEC_MISSING" : "SPEC_INVALID_VALUE",
    path,
    message: `${found === undefined ? "is missing" : `is ${print(found)}`}; it must be ${oneOf(options)}.${hint}`,
  };
}

function oneOf(values: readonly unknown[]): string {
  return values
    .map((value) => JSON.stringify(value))
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");
}

function invalidValue(path: SpecPath, found: unknown, issue: Issue): SpecProblem {
  const hint =
    issue.code === "invalid_value" && typeof found === "string"
      ? didYouMean(found, issue.values.map(String))
      : "";
  const what = found === undefined ? "is missing" : `is ${print(found)}`;
  return {
    code: "SPEC_INVALID_VALUE",
    path,
    message: `${what}; ${expectation(issue, found)}.${hint}`,
  };
}

/**
 * The branch of a union that the author most likely meant: one of the kind that is written, then the
 * one with the fewest complaints.
 */
function likeliestBranch(branches: readonly Issue[][]): Issue[] {
  const isOtherKind = (branch: Issue[]) =>
    Number(branch.some(({ path }) => path.length === 1 && DISCRIMINATORS.includes(path[0])));
  const depth = (branch: Issue[]) => Math.max(...branch.map((issue) => issue.path.length));
  return (
    [...branches].sort(
      (a, b) => isOtherKind(a) - isOtherKind(b) || depth(b) - depth(a) || a.length - b.length,
    )[0] ?? []
  );
}

const DISCRIMINATORS: readonly PropertyKey[] = ["type", "kind"];

function expectation(issue: Issue, found: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      // NaN and infinity are numbers to whoever wrote them.
      return typeof found === "number" && issue.expected === "number"
        ? "it must be a finite number"
        : `it must be ${article(issue.expected)}`;
    case "invalid_value":
      return `it must be ${oneOf(issue.values)}`;
    case "too_small":
      return issue.origin === "array" || issue.origin === "string"
        ? `it must have at least ${issue.minimum} ${issue.origin === "array" ? "entry" : "character"}`
        : `it must be ${issue.inclusive ? "at least" : "greater than"} ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array" || issue.origin === "string"
        ? `it may have at most ${issue.maximum} ${issue.origin === "array" ? "entries" : "characters"}`
        : `it must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1).replace(/\.$/, "");
  }
}

function article(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "record" || type === "object") return "an object";
  if (type === "tuple") return "a list";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

/** The keys that the schema takes at a path, over all branches of its unions. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let level = branches(schema);
  for (const key of path) level = level.flatMap((node) => children(node, key)).flatMap(branches);
  return level.flatMap((node) => Object.keys(node.shape ?? {}));
}

/** The part of zod's schema definitions that is walked here. */
interface Definition {
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
  options?: z.core.$ZodType[];
}

/** Unwraps defaults, optionals and preprocessing; a union gives each of its branches. */
function branches(schema: z.core.$ZodType): Definition[] {
  const definition = schema._zod.def as Definition;
  const { innerType, in: written, out } = definition;
  // A pipe ends in a schema, or, where it rewrites what was parsed, begins with one.
  const isRewritten = out !== undefined && out._zod.def.type === "transform";
  const inner = innerType ?? (isRewritten ? written : out);
  if (inner) return branches(inner);
  return definition.options ? definition.options.flatMap(branches) : [definition];
}

function children(definition: Definition, key: PropertyKey): z.core.$ZodType[] {
  const child = definition.shape?.[String(key)] ?? definition.element ?? definition.valueType;
  return child ? [child] : [];
}

/**
 * What stands at a path, and the path itself. Where a shorthand is written, such as `optimizer:
 * adm`, the schema complains about the object it stands for; that is cut back to the shorthand.
 */
function writtenAt(root: unknown, path: SpecPath): { path: SpecPath; value: unknown } {
  let value = root;
  for (const [depth, key] of path.entries()) {
    if (typeof value === "string") return { path: path.slice(0, depth), value };
    if (typeof value !== "object" || value === null) return { path, value: undefined };
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return { path, value };
}

function print(value: unknown): string {
  // JSON has no word for a number that is not finite, and calls it null.
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
