// A network with its training as Keras configures them: what `model.to_json()` gives, with
// compile's arguments in it.

import { layerTensors } from "../compile/initial-weights.ts";
import type { Network, ParameterTensor } from "../compile/plan.ts";
import {
  LOSS_CLASSES,
  OPTIMIZER_CLASSES,
  pythonName,
  pythonWord,
  SCHEDULE_CLASSES,
} from "../spec/keras-names.ts";
import type { Variant } from "../spec/spec.ts";
import { unsupported } from "./errors.ts";
import type { Fields } from "./keras-objects.ts";
import { groupNames } from "./keras-weights.ts";
import { keras, toKerasLayers, type WrittenLayer } from "./to-keras-layers.ts";

/** A layer with its name, and where its weights lie in the network's parameters. */
export interface NamedLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Fields;
  readonly tensors: readonly ParameterTensor[];
  /** Names of the layers that feed it; the first one's is the input's. */
  readonly inbound: readonly string[];
}

export const INPUT_NAME = "input_layer";

/** @throws ModelError when Keras has no word for a part of it. */
export function namedLayers(
  { model, name: variant }: Variant,
  network: Network,
): readonly NamedLayer[] {
  const tensors = layerTensors(model, network);
  const lists = model.layers.map((layer, i): WrittenLayer[] => {
    if (layer.type === "add") return [{ className: "Add", config: {}, tensors: 0 }];
    return toKerasLayers(layer, tensors[i].length, (says) => {
      throw unsupported(`model.layers[${i}] of ${variant}`, says);
    });
  });
  const names = groupNames(lists.flat().map(({ className }) => className));
  const layers: NamedLayer[] = [];
  lists.forEach((list, i) => {
    let taken = 0;
    for (const { className, config, tensors: count } of list) {
      const own = tensors[i].slice(taken, taken + count);
      taken += count;
      const previous = layers.at(-1)?.name ?? INPUT_NAME;
      const layer = model.layers[i];
      const inbound =
        layer.type === "add"
          ? [previous, layers[lists.slice(0, layer.from + 1).flat().length - 1].name]
          : [previous];
      layers.push({ name: names[layers.length], className, config, tensors: own, inbound });
    }
  });
  return layers;
}

export interface KerasConfig {
  readonly config: Fields;
  /** What Keras's files have no word for, a sentence each. */
  readonly notes: readonly string[];
}

export function toKerasConfig(
  variant: Variant,
  network: Network,
  layers: readonly NamedLayer[],
): KerasConfig {
  const { inputShape = [network.inputs] } = variant.model;
  const batchShape = [null, ...inputShape];
  const input = keras("layers", "InputLayer", {
    batch_shape: batchShape,
    dtype: "float32",
    name: INPUT_NAME,
  });
  const written = layers.map(({ name, className, config }) =>
    keras("layers", className, { name, trainable: true, dtype: "float32", ...config }),
  );
  const isChain = layers.every(({ inbound }) => inbound.length === 1);
  const { compile_config, notes } = compileConfig(variant);
  const topology = isChain
    ? sequential([input, ...written], batchShape)
    : functional(input, written, layers, batchShape);
  return { config: { ...topology, ...(compile_config ? { compile_config } : {}) }, notes };
}

function sequential(layers: readonly Fields[], shape: readonly (number | null)[]): Fields {
  return {
    module: "keras",
    class_name: "Sequential",
    config: { name: "sequential", layers, build_input_shape: shape },
    registered_name: null,
    build_config: { input_shape: shape },
  };
}

function functional(
  input: Fields,
  written: readonly Fields[],
  layers: readonly NamedLayer[],
  shape: readonly (number | null)[],
): Fields {
  const tensor = (name: string) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null], dtype: "float32", keras_history: [name, 0, 0] },
  });
  const nodes = layers.map(({ inbound, name }, i) => {
    const [first, ...more] = inbound.map(tensor);
    const args = more.length === 0 ? [first] : [[first, ...more]];
    return { ...written[i], name, inbound_nodes: [{ args, kwargs: {} }] };
  });
  return {
    module: "keras",
    class_name: "Functional",
    config: {
      name: "functional",
      trainable: true,
      layers: [{ ...input, name: INPUT_NAME, inbound_nodes: [] }, ...nodes],
      input_layers: [[INPUT_NAME, 0, 0]],
      output_layers: [[layers.at(-1)!.name, 0, 0]],
    },
    registered_name: "Functional",
    build_config: { input_shape: shape },
  };
}

function compileConfig({ train }: Variant): { compile_config?: Fields; notes: string[] } {
  const { name, ...settings } = train.optimizer;
  const rate = rateConfig(train.learningRate);
  if (rate === undefined) {
    const says =
      "its learning rate is the schedule oneCycle, which Keras does not have: the model is not compiled.";
    return { notes: [says] };
  }
  const config = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [pythonName(key), value]),
  );
  const { weightDecay } = train.optimizer;
  const optimizer = keras("optimizers", OPTIMIZER_CLASSES[name], {
    name,
    learning_rate: rate,
    ...config,
    weight_decay: weightDecay === 0 ? null : weightDecay,
  });
  return {
    compile_config: { optimizer, loss: lossConfig(train.loss), metrics: ["accuracy"] },
    notes: [],
  };
}

function rateConfig(rate: Variant["train"]["learningRate"]): unknown {
  if (typeof rate === "number") return rate;
  const { schedule, ...settings } = rate;
  if (schedule === "oneCycle") return undefined;
  const named = Object.entries(settings).map(([key, value]) => [pythonName(key), value]);
  return keras("optimizers.schedules", SCHEDULE_CLASSES[schedule], Object.fromEntries(named));
}

function lossConfig({ name, ...settings }: Variant["train"]["loss"]): unknown {
  const { fromLogits, labelSmoothing, gamma, alpha, applyClassBalancing } = settings;
  const isSparse = name === "sparseCategoricalCrossentropy";
  const isCrossentropy = name.endsWith("Crossentropy");
  if (!isCrossentropy) return pythonWord(name);
  const isFocal = name.endsWith("FocalCrossentropy");
  return keras("losses", LOSS_CLASSES[name], {
    from_logits: fromLogits,
    ...(isSparse ? {} : { label_smoothing: labelSmoothing }),
    ...(isFocal ? { gamma, alpha } : {}),
    ...(name === "binaryFocalCrossentropy" ? { apply_class_balancing: applyClassBalancing } : {}),
  });
}
