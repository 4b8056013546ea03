// One layer of a spec as one or two layers of Keras: some activations are layers of their own there.

import { asWritten } from "../lint/interventions.ts";
import {
  ACTIVATION_WORDS,
  INITIALIZER_CLASSES,
  LAYER_CLASSES,
  pythonName,
  pythonWord,
} from "../spec/keras-names.ts";
import type { LayerSpec } from "../spec/spec.ts";
import { type Activation, DEFAULT_ALPHA } from "../spec/words.ts";
import { Code, call, tuple } from "./python-text.ts";

/** What Keras takes without a name, in order. */
const POSITIONAL: readonly string[] = [
  "units",
  "rate",
  "stddev",
  "filters",
  "kernelSize",
  "poolSize",
  "inputDim",
  "outputDim",
  "targetShape",
];

/** Of any layer but `add`, which has two inputs. */
export function layerCode(layer: LayerSpec): Code[] {
  const {
    type = "dense",
    activation,
    activityRegularizer,
    ...settings
  } = asWritten(layer) as Fields;
  const { word, after } = activationCode(activation);
  if (type === "activation") return [after ?? call("layers.Activation", [word])];
  // A penalty on what comes out counts behind the activation.
  const penalty = activityRegularizer === undefined ? undefined : regularizer(activityRegularizer);
  const named = Object.entries(settings).map(
    ([key, value]) => [key, argument(key, value)] as const,
  );
  const code = call(
    `layers.${LAYER_CLASSES[String(type)]}`,
    POSITIONAL.flatMap((key) => named.filter(([name]) => name === key).map(([, value]) => value)),
    Object.fromEntries([
      ...(after === undefined && word !== "linear" ? [["activation", word]] : []),
      ...named
        .filter(([name]) => !POSITIONAL.includes(name))
        .map(([name, value]) => [pythonName(name), value]),
      ...(after === undefined && penalty !== undefined ? [["activity_regularizer", penalty]] : []),
    ]),
  );
  if (after === undefined) return [code];
  if (activityRegularizer === undefined) return [code, after];
  return [code, after, call("layers.ActivityRegularization", [], activityRegularizer as Fields)];
}

type Fields = Record<string, unknown>;

/** A word for `activation=`, or a layer to stand behind. */
function activationCode(written: unknown): { word?: string; after?: Code } {
  if (written === undefined) return { word: "linear" };
  const { name, alpha } = (typeof written === "string" ? { name: written } : written) as {
    name: Activation;
    alpha?: number;
  };
  const scale = alpha ?? DEFAULT_ALPHA[name];
  if (name === "leakyReLU")
    return { after: call("layers.LeakyReLU", [], { negative_slope: scale }) };
  if (name === "prelu") {
    const first =
      scale === 0 ? {} : { alpha_initializer: call("keras.initializers.Constant", [scale]) };
    return { after: call("layers.PReLU", [], first) };
  }
  if (name === "elu" && scale !== 1) return { after: call("layers.ELU", [], { alpha: scale }) };
  if (name === "geluTanh") {
    const gelu = new Code("lambda x: keras.activations.gelu(x, approximate=True)");
    return { after: call("layers.Activation", [gelu]) };
  }
  return { word: ACTIVATION_WORDS[name]! };
}

function argument(key: string, value: unknown): unknown {
  if (key.endsWith("Initializer")) return initializer(value);
  if (key.endsWith("Regularizer")) return regularizer(value);
  return Array.isArray(value) ? tuple(value) : value;
}

function initializer(written: unknown): unknown {
  const { name, ...settings } = (
    typeof written === "string" ? { name: written } : written
  ) as Fields & { name: string };
  const named = Object.entries(settings).map(([key, value]) => [
    pythonName(key),
    typeof value === "string" ? pythonWord(value) : value,
  ]);
  return call(`keras.initializers.${INITIALIZER_CLASSES[name]}`, [], Object.fromEntries(named));
}

/** `L2(0.01)`, or both. */
function regularizer(written: unknown): Code {
  const { l1 = 0, l2 = 0 } = written as { l1?: number; l2?: number };
  if (l1 === 0) return call("keras.regularizers.L2", [l2]);
  if (l2 === 0) return call("keras.regularizers.L1", [l1]);
  return call("keras.regularizers.L1L2", [], { l1, l2 });
}
