// A spec's variants, each with its patch merged over the spec and Keras's defaults filled in.

import type { SpecProblem } from "./errors.ts";
import { SpecError } from "./errors.ts";
import { schemaProblems } from "./schema-problems.ts";
import { DEFAULT_LEARNING_RATE, type Spec, type Variant, variantSchema } from "./spec.ts";

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
    const base = { data: spec.data, model: spec.model, train: spec.train };
    const merged = mergePatch(base, patch);
    const parsed = variantSchema.safeParse(merged, { reportInput: true });
    if (!parsed.success) {
      problems.push(...schemaProblems(variantSchema, parsed.error, merged, ["variants", name]));
      continue;
    }
    const { data, model, train } = parsed.data;
    const learningRate = train.learningRate ?? DEFAULT_LEARNING_RATE[train.optimizer.name];
    variants.push({ name, data, model, train: { ...train, learningRate } });
  }
  if (problems.length > 0) throw new SpecError(problems);
  return variants;
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
