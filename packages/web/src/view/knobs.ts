// The settings that people turn first, read from a spec as written and put back into it. Where a spec
// compares variants, what is turned becomes a variant of its own beside them, on the same seeds.

import { mergePatch } from "@convergence-lab/core";

export interface Knobs {
  readonly learningRate: number | undefined;
  readonly units: number | undefined;
  readonly layers: number | undefined;
  readonly activation: string | undefined;
  readonly optimizer: string | undefined;
  readonly batchSize: number | undefined;
  readonly epochs: number | undefined;
  readonly seeds: number | undefined;
}

/** The name of the variant that holds what was turned. */
export const OWN_VARIANT = "yours";

type Fields = Record<string, unknown>;

/** Undefined for what the spec leaves to its defaults or says in a way that no knob has. */
export function readKnobs(spec: unknown): Knobs {
  const { variants } = fields(spec);
  const own = mergePatch(spec, fields(variants)[OWN_VARIANT] ?? {});
  const { train, model, seeds } = fields(own);
  const { learningRate, optimizer, batchSize, epochs } = fields(train);
  const hidden = hiddenLayers(model);
  return {
    learningRate: numberOf(learningRate),
    units: numberOf(hidden[0]?.units),
    layers: hidden.length,
    activation: nameOf(hidden[0]?.activation),
    optimizer: nameOf(optimizer),
    batchSize: numberOf(batchSize),
    epochs: numberOf(epochs),
    seeds: numberOf(fields(seeds).training),
  };
}

/** The spec with one knob turned; a new object. */
export function withKnob<Name extends keyof Knobs>(
  spec: unknown,
  name: Name,
  value: NonNullable<Knobs[Name]>,
): unknown {
  const whole = fields(spec);
  if (name === "seeds") return { ...whole, seeds: { ...fields(whole.seeds), training: value } };
  const variants = fields(whole.variants);
  if (Object.keys(variants).length === 0)
    return mergePatch(whole, patchOf(whole.model, name, value));
  const own = fields(variants[OWN_VARIANT]);
  const { model } = fields(mergePatch(whole, own));
  return {
    ...whole,
    variants: { ...variants, [OWN_VARIANT]: mergePatch(own, patchOf(model, name, value)) },
    // A claim against all other variants would be another claim with one more of them.
    claims: [],
  };
}

/** The spec with a change beside what it was, as two variants on the same seeds. */
export function compared(spec: unknown, variant: string | undefined, name: string, patch: unknown) {
  const whole = fields(spec);
  const own = variant === undefined ? {} : fields(fields(whole.variants)[variant]);
  const before = variant ?? "as it was";
  return {
    ...whole,
    variants: {
      [before]: own,
      [name === before ? `${name} changed` : name]: mergePatch(own, patch),
    },
    claims: [],
  };
}

function patchOf(model: unknown, name: keyof Knobs, value: number | string): Fields {
  if (name === "units" || name === "activation") {
    return withHidden(model, (layer) => ({ ...layer, [name]: value }));
  }
  if (name === "layers") return withDepth(model, Number(value));
  return { train: { [name]: value } };
}

function withHidden(model: unknown, change: (layer: Fields) => Fields): Fields {
  const hidden = new Set(hiddenLayers(model));
  const layers = layersOf(model).map((layer) => (hidden.has(layer) ? change(layer) : layer));
  return { model: { layers } };
}

/** As many hidden layers like the last one; what stands between layers goes with them. */
function withDepth(model: unknown, depth: number): Fields {
  const layers = layersOf(model);
  const hidden = hiddenLayers(model);
  const like = hidden.at(-1) ?? { units: 16, activation: "relu" };
  const head = layers.slice(layers.findLastIndex(isDense));
  const kept = hidden.slice(0, depth);
  const more = Array.from({ length: depth - kept.length }, () => ({ ...like }));
  return { model: { layers: [...kept, ...more, ...head] } };
}

/** Dense layers before the last one. */
function hiddenLayers(model: unknown): Fields[] {
  return layersOf(model).filter(isDense).slice(0, -1);
}

function isDense({ type = "dense" }: Fields): boolean {
  return type === "dense";
}

function layersOf(model: unknown): Fields[] {
  const { layers } = fields(model);
  return Array.isArray(layers) ? layers.map(fields) : [];
}

function nameOf(value: unknown): string | undefined {
  const name = typeof value === "string" ? value : fields(value).name;
  return typeof name === "string" ? name : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}
