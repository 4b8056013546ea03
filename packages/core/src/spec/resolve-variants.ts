// A spec's variants, each with its patch merged over the spec and Keras's defaults filled in.

import type { SpecProblem } from "./errors.ts";
import { SpecError } from "./errors.ts";
import { mergePatch } from "./merge-patch.ts";
import { schemaProblems } from "./schema-problems.ts";
import { DEFAULT_LEARNING_RATE, type Spec, type Variant, variantSchema } from "./spec.ts";

/** A partial spec that is merged over data, model and train. */
export type SpecPatch = Spec["variants"][string];

/** The name of the one variant of a spec that lists none. */
export const BASELINE = "baseline";

/** All variants in the order of the spec. Throws SpecError with every problem of every patch. */
export function resolveVariants(
  spec: Pick<Spec, "data" | "model" | "train" | "variants">,
): Variant[] {
  const patches = Object.entries(spec.variants);
  if (patches.length === 0) patches.push([BASELINE, {}]);
  const problems: SpecProblem[] = [];
  const variants: Variant[] = [];
  for (const [name, patch] of patches) {
    try {
      variants.push(
        patched({ name, data: spec.data, model: spec.model, train: spec.train }, patch),
      );
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new SpecError(problems);
  return variants;
}

/**
 * A variant with one more patch over it, defaults filled in.
 *
 * @throws SpecError with every problem of the result; paths start at `variants`.
 */
export function patched(
  { name, data, model, train }: Pick<Spec, "data" | "model" | "train"> & { readonly name: string },
  patch: SpecPatch,
): Variant {
  const merged = mergePatch({ data, model, train }, patch);
  const parsed = variantSchema.safeParse(merged, { reportInput: true });
  if (!parsed.success) {
    throw new SpecError(schemaProblems(variantSchema, parsed.error, merged, ["variants", name]));
  }
  const { optimizer, learningRate = DEFAULT_LEARNING_RATE[optimizer.name] } = parsed.data.train;
  return { name, ...parsed.data, train: { ...parsed.data.train, learningRate } };
}
