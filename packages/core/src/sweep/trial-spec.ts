// The spec of one trial: the sweep's, with values at the places that its parameters name. Only the
// parts that change are parsed, for a sweep has many trials and a spec may have many rows.

import { SpecError } from "../spec/errors.ts";
import { headProblems } from "../spec/head-problems.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import { type Spec, specSchema } from "../spec/spec.ts";
import type { Params } from "./space.ts";
import { PARTS, placed } from "./targets.ts";

/** @throws SpecError, and Misplaced where a value has no place. */
export function specWith(spec: Spec, params: Params): Spec {
  const parts = placed(spec, params);
  if (parts.data !== spec.data) return parseSpec({ ...spec, ...parts });
  const parsed = { data: spec.data, model: spec.model, train: spec.train };
  const problems = PARTS.flatMap((part) => {
    if (parts[part] === spec[part]) return [];
    const schema = specSchema.shape[part];
    const result = schema.safeParse(parts[part], { reportInput: true });
    if (!result.success) return schemaProblems(schema, result.error, parts[part], [part]);
    Object.assign(parsed, { [part]: result.data });
    return [];
  });
  if (problems.length === 0) problems.push(...headProblems(parsed as HeadSubject));
  if (problems.length > 0) throw new SpecError(problems);
  return { ...spec, ...parsed };
}

/** The head does not ask for the learning rate, which alone a variant has and a spec may not. */
type HeadSubject = Parameters<typeof headProblems>[0];
