// Reads the weights that a spec as written names, its own and those of its variants' patches.

import { type ModelWeights, type WeightsTable, weightsKey } from "../compile/initial-weights.ts";
import { type InitialWeights, initialWeightsSchema } from "../spec/initial-weights.ts";
import { type Fields, isFields } from "./keras-objects.ts";

export interface SpecWithWeights {
  /** The spec, the digests of its files filled in. */
  readonly spec: unknown;
  readonly weights: WeightsTable;
}

/** Weights that are described wrongly are left alone: `parseSpec` says what is wrong. */
export function withWeights(
  spec: unknown,
  read: (path: string) => { readonly weights: ModelWeights; readonly digest: string },
): SpecWithWeights {
  const weights = new Map<string, ModelWeights>();
  const resolved = (part: unknown): unknown => {
    if (!isFields(part) || !isFields(part.model)) return part;
    const parsed = initialWeightsSchema.safeParse(part.model.initialWeights);
    if (!parsed.success) return part;
    const file = read(parsed.data.path);
    const source: InitialWeights = { ...parsed.data, digest: file.digest };
    weights.set(weightsKey(source), file.weights);
    return { ...part, model: { ...part.model, initialWeights: source } };
  };
  const own = resolved(spec);
  if (!isFields(own) || !isFields(own.variants)) return { spec: own, weights };
  const variants = Object.entries(own.variants).map(([name, patch]) => [name, resolved(patch)]);
  const all: Fields = { ...own, variants: Object.fromEntries(variants) };
  return { spec: all, weights };
}
