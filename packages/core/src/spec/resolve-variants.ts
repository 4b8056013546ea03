// A spec's variants, each with its patch merged over the spec and Keras's defaults filled in.

import type { SpecProblem } from "./errors.ts";
import { SpecError } from "./errors.ts";
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

/**
 * Merges objects key by key; anything else in the patch replaces what stands there. An object that
 * names another kind of thing (`name: sgd` over `name: adam`) replaces it too, because the settings
 * of the one mean nothing to the other.
 */
export function mergePatch(base: unknown, patch: unknown): unknown {
  if (!isRecord(base) || !isRecord(patch)) return patch;
  for (const discriminator of ["name", "kind", "type"]) {
    if (patch[discriminator] !== undefined && patch[discriminator] !== base[discriminator]) {
      return patch;
    }
  }
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value !== undefined) merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
