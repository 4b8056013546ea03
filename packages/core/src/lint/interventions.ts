// The changes that checks propose, as patches. A patch replaces a list whole, so each is made from
// the variant that it is for.

import { shortNumber } from "../shared/number-text.ts";
import { headOf } from "../spec/head.ts";
import { layerSchema } from "../spec/layers.ts";
import { isScaling } from "../spec/preprocess-steps.ts";
import type { LayerSpec, PreprocessStep, SpecInput, Variant } from "../spec/spec.ts";
import type { Activation } from "../spec/words.ts";
import type { Intervention } from "./finding.ts";

export function standardize({ data }: Variant): Intervention {
  const before = data.preprocess.filter((step) => !isScaling(step));
  return {
    id: "standardize",
    says: "bring every column to mean 0 and standard deviation 1",
    patch: { data: { preprocess: [...before, "standardize"] } },
  };
}

/**
 * Directions in place of columns, none of which repeats another: those that hold next to nothing of the
 * variance are left out, because whitening would make noise of rounding as large as all else.
 */
export function decorrelate({ data }: Variant): Intervention {
  const before = data.preprocess.filter((step) => !isScaling(step));
  const whitened = { step: "pca", components: KEPT_VARIANCE, whiten: true } as const;
  return {
    id: "decorrelate",
    says: "turn the columns into directions that do not repeat each other (PCA with whitening)",
    patch: { data: { preprocess: [...before, "standardize", whitened] } },
  };
}

/** Directions that are left out hold less than a thousandth of the variance in all. */
const KEPT_VARIANCE = 0.999;

/** Puts steps in front of what is done already. */
export function preprocessFirst(
  { data }: Variant,
  steps: readonly PreprocessStep[],
  { id, says }: Pick<Intervention, "id" | "says">,
): Intervention {
  const rest = data.preprocess.filter((step) => !steps.includes(step));
  return { id, says, patch: { data: { preprocess: [...steps, ...rest] } } };
}

export function dropColumns({ data }: Variant, names: readonly string[]): Intervention {
  return {
    id: "drop-columns",
    says: names.length === 1 ? `leave out column ${names[0]}` : `leave out ${names.length} columns`,
    patch: { data: { drop: [...(data.drop ?? []), ...names] } },
  };
}

export function setTraining(
  id: string,
  says: string,
  train: Record<string, unknown>,
): Intervention {
  return { id, says, patch: { train } };
}

/** The learning rate, or every rate of the schedule, times a factor. */
export function scaleLearningRate({ train }: Variant, factor: number): Intervention {
  const scaled = (rate: number) => Number((rate * factor).toPrecision(3));
  const { learningRate } = train;
  const says = `take a learning rate of ${
    typeof learningRate === "number"
      ? scaled(learningRate)
      : `${shortNumber(factor)} times what the schedule gives`
  }`;
  if (typeof learningRate === "number") {
    return setTraining("learning-rate", says, { learningRate: scaled(learningRate) });
  }
  const rates = Object.entries(learningRate).map(([key, value]) => {
    if (!RATES.has(key)) return [key, value];
    return [key, Array.isArray(value) ? value.map(scaled) : scaled(value as number)];
  });
  return setTraining("learning-rate", says, { learningRate: Object.fromEntries(rates) });
}

/** The settings of schedules that are rates themselves. */
const RATES: ReadonlySet<string> = new Set(["initial", "end", "values", "warmupTarget", "peak"]);

/** Gradients clipped together, so that their direction stays. */
export function clipGradients(): Intervention {
  return {
    id: "clip",
    says: "scale all gradients together down to a norm of 1",
    patch: { train: { optimizer: { globalClipNorm: 1 } } },
  };
}

/**
 * Replaces layers one by one; null leaves a layer out. Layers that are not changed stay as they are,
 * and an `add` goes on naming the same place.
 */
export function changeLayers(
  { model }: Variant,
  { id, says }: Pick<Intervention, "id" | "says">,
  change: (layer: LayerSpec, index: number) => LayerInput | null,
): Intervention {
  const changed = model.layers.map(change);
  const placeAfter = (place: number) =>
    changed.slice(0, place + 1).filter((layer) => layer !== null).length - 1;
  const layers = changed
    .filter((layer) => layer !== null)
    .map((layer) => (layer.type === "add" ? { ...layer, from: placeAfter(layer.from) } : layer));
  return { id, says, patch: { model: { layers: layers.map(asWritten) } } };
}

/** A dense or an activation layer with another activation; other layers as they are. */
export function withActivation(layer: LayerSpec, activation: Activation): LayerInput {
  return layer.type === "dense" || layer.type === "activation" ? { ...layer, activation } : layer;
}

/** Hidden sigmoids and their kin to relu; every hidden activation gets He's initial weights. */
export function reluHe(variant: Variant): Intervention {
  const { index: head } = headOf(variant.model);
  return changeLayers(
    variant,
    { id: "relu-he", says: "use relu with heUniform in the hidden layers" },
    (layer, i) => {
      if (i >= head) return layer;
      if (layer.type === "activation") {
        return SHRINKING.has(layer.activation.name)
          ? { ...layer, activation: "relu" as const }
          : layer;
      }
      if (layer.type !== "dense") return layer;
      const activation = layer.activation.name === "linear" ? layer.activation : "relu";
      return { ...layer, activation, kernelInitializer: "heUniform" as const };
    },
  );
}

/** Activations that pass a quarter of a gradient at most. */
export const SHRINKING: ReadonlySet<Activation> = new Set(["sigmoid", "hardSigmoid", "softmax"]);

/** The layers in front of the head that are a relu pass a little where they are off. */
export function leakyRelu(variant: Variant): Intervention {
  const { index: head } = headOf(variant.model);
  const isRelu = (layer: LayerSpec) =>
    (layer.type === "dense" || layer.type === "activation") && layer.activation.name === "relu";
  return changeLayers(
    variant,
    { id: "leaky-relu", says: "let hidden units pass a little where they are off" },
    (layer, i) => (i < head && isRelu(layer) ? withActivation(layer, "leakyReLU") : layer),
  );
}

export function withoutDropout(variant: Variant): Intervention {
  return changeLayers(variant, { id: "no-dropout", says: "train without dropout" }, (layer) =>
    isDropout(layer) ? null : layer,
  );
}

/** Layers that only disturb training, and are not there in inference. */
export function isDropout({ type }: LayerSpec): boolean {
  return type === "dropout" || type === "alphaDropout" || type === "gaussianNoise";
}

/** Penalties of every layer taken away, or an l2 in their place. */
export function setPenalties(
  variant: Variant,
  id: "no-penalty" | "less-l2" | "weight-decay",
  says: string,
  l2 = 0,
): Intervention {
  return changeLayers(variant, { id, says }, (layer) =>
    layer.type === "dense"
      ? {
          ...layer,
          kernelRegularizer: { l1: 0, l2 },
          biasRegularizer: { l1: 0, l2: 0 },
          activityRegularizer: { l1: 0, l2: 0 },
        }
      : layer,
  );
}

export type LayerInput = SpecInput["model"]["layers"][number];

export interface HeadFix {
  readonly units: number;
  readonly activation: "softmax" | "sigmoid";
  readonly loss: string;
}

/** The head and the loss that fit so many classes. */
export function fittingHead(classes: number): HeadFix {
  return classes === 2
    ? { units: 1, activation: "sigmoid", loss: "binaryCrossentropy" }
    : { units: classes, activation: "softmax", loss: "sparseCategoricalCrossentropy" };
}

/** Gives the head its units and one activation, and training its loss. */
export function setHead(variant: Variant, { units, activation, loss }: HeadFix): Intervention {
  const { index } = headOf(variant.model);
  const says = `end in ${units} ${units === 1 ? "unit" : "units"} with ${activation}, and train on ${loss}`;
  const { patch } = changeLayers(variant, { id: "", says }, (layer, i) => {
    if (i < index) return layer;
    if (i > index) return layer.type === "activation" ? null : layer;
    return { ...(layer as object), type: "dense", units, activation };
  });
  return { id: "fit-head", says, patch: { ...patch, train: { loss } } };
}

/** A layer without what it would be anyway, as a person would write it. */
export function asWritten(layer: LayerInput): object {
  const full: Record<string, unknown> = layerSchema.parse(layer);
  const isDefault = (key: string) => {
    const { [key]: _, ...rest } = full;
    const parsed = layerSchema.safeParse(rest);
    return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(full);
  };
  const kept = Object.entries(full).filter(([key]) => key === "activation" || !isDefault(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, shortNamed(value)]));
}

/** `relu` for `{ name: relu }`. */
function shortNamed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("name" in value)) return value;
  return Object.keys(value).length === 1 ? value.name : value;
}
