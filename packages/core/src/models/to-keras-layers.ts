// One layer of a spec as layers of Keras, each `{class_name, config}`: some activations are layers
// of their own there.

import {
  ACTIVATION_WORDS,
  INITIALIZER_CLASSES,
  LAYER_CLASSES,
  pythonName,
  pythonWord,
} from "../spec/keras-names.ts";
import type { LayerSpec } from "../spec/spec.ts";
import { type Activation, DEFAULT_ALPHA } from "../spec/words.ts";
import type { Fields } from "./keras-objects.ts";

export interface WrittenLayer {
  readonly className: string;
  /** Without a name. */
  readonly config: Fields;
  /** How many of the spec's layer's tensors are its own, in their order. */
  readonly tensors: number;
}

/** Throws a text: what of the layer no file of Keras can say. */
export type Refuse = (says: string) => never;

/** Of any layer but `add`. */
export function toKerasLayers(layer: LayerSpec, tensors: number, refuse: Refuse): WrittenLayer[] {
  if (layer.type === "activation") return [activationLayer(layer.activation, tensors, refuse)];
  const { type, ...settings } = layer;
  const isCell = "recurrentInitializer" in layer;
  const own = "activation" in layer && !isCell ? layer.activation : undefined;
  const word = own === undefined ? undefined : wordOf(own);
  const after =
    own !== undefined && word === undefined
      ? [activationLayer(own, own.name === "prelu" ? 1 : 0, refuse)]
      : [];
  const penalty = "activityRegularizer" in layer ? layer.activityRegularizer : NONE;
  const config = {
    ...Object.fromEntries(
      Object.entries(settings)
        .map(([key, value]) => [pythonName(key), configured(key, value)])
        .filter(([key, value]) => key !== "activity_regularizer" || value !== null),
    ),
    ...(own === undefined ? {} : { activation: word ?? "linear" }),
  };
  const main: WrittenLayer = {
    className: LAYER_CLASSES[type],
    config,
    tensors: tensors - after.reduce((sum, each) => sum + each.tensors, 0),
  };
  if (after.length === 0 || (penalty.l1 === 0 && penalty.l2 === 0)) return [main, ...after];
  // A penalty on what comes out counts behind the activation.
  const { activity_regularizer: _, ...unpenalized } = main.config;
  const last = { className: "ActivityRegularization", config: penalty, tensors: 0 };
  return [{ ...main, config: unpenalized }, ...after, last];
}

const NONE = { l1: 0, l2: 0 };

interface ActivationSpec {
  readonly name: Activation;
  readonly alpha?: number | undefined;
}

/** Undefined for an activation that is a layer, or nothing, in Keras's files. */
function wordOf({ name, alpha }: ActivationSpec): string | undefined {
  if (name === "elu" && (alpha ?? DEFAULT_ALPHA.elu) !== 1) return undefined;
  return name === "exponential" ? "exponential" : ACTIVATION_WORDS[name];
}

function activationLayer(
  activation: ActivationSpec,
  tensors: number,
  refuse: Refuse,
): WrittenLayer {
  const { name } = activation;
  const word = wordOf(activation);
  if (word !== undefined) return { className: "Activation", config: { activation: word }, tensors };
  const alpha = activation.alpha ?? DEFAULT_ALPHA[name];
  switch (name) {
    case "leakyReLU":
      return { className: "LeakyReLU", config: { negative_slope: alpha }, tensors };
    case "elu":
      return { className: "ELU", config: { alpha }, tensors };
    case "prelu": {
      const start = keras("initializers", "Constant", { value: alpha });
      return { className: "PReLU", config: { alpha_initializer: start }, tensors };
    }
    default:
      return refuse(
        `has the activation ${name}, for which Keras's files have no word; use gelu, or write Python.`,
      );
  }
}

function configured(key: string, value: unknown): unknown {
  if (key.endsWith("Initializer")) {
    const { name, ...settings } = value as Fields & { name: string };
    const named = Object.entries(settings).map(([setting, given]) => [
      pythonName(setting),
      typeof given === "string" ? pythonWord(given) : given,
    ]);
    return keras("initializers", INITIALIZER_CLASSES[name], Object.fromEntries(named));
  }
  if (key.endsWith("Regularizer")) {
    const { l1, l2 } = value as typeof NONE;
    return l1 === 0 && l2 === 0 ? null : keras("regularizers", "L1L2", { l1, l2 });
  }
  if (typeof value === "object" && value !== null && "name" in value) return value.name;
  return value;
}

/** An object as Keras 3 serializes it. */
export function keras(module: string, className: string, config: Fields): Fields {
  return { module: `keras.${module}`, class_name: className, config, registered_name: null };
}
