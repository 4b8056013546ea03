// A network with its weights as TensorFlow.js saves it: a model.json in Keras 2's form, and one file
// of all weights beside it.

import { strToU8 } from "fflate";
import type { Network } from "../compile/plan.ts";
import { pythonName, pythonWord } from "../spec/keras-names.ts";
import { optimizerSchema } from "../spec/optimizers.ts";
import type { Variant } from "../spec/spec.ts";
import { unsupported } from "./errors.ts";
import { type Fields, isFields } from "./keras-objects.ts";
import { INPUT_NAME, type NamedLayer, namedLayers } from "./to-keras-config.ts";

export interface WrittenTfjs {
  /** By file name: model.json, and the weights that it names. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What the files could not say, a sentence each. */
  readonly notes: readonly string[];
}

const WEIGHTS_FILE = "group1-shard1of1.bin";

/** The version of TensorFlow.js whose form this is. */
const TFJS_VERSION = "4.22.0";

/**
 * @param parameters Flat, in the order of the network's layout.
 * @throws ModelError when TensorFlow.js has no word for a part of it.
 */
export function writeTfjs(
  variant: Variant,
  network: Network,
  parameters: Float32Array,
): WrittenTfjs {
  const layers = namedLayers(variant, network);
  layers.forEach(requireKnown);
  const weights = layers.flatMap((layer) =>
    layer.tensors.map(({ kind, shape, offset, size }) => ({
      entry: { name: `${layer.name}/${weightName(layer, kind)}`, shape, dtype: "float32" },
      values: parameters.subarray(offset, offset + size),
    })),
  );
  const values = new Float32Array(weights.reduce((sum, { values: own }) => sum + own.length, 0));
  let end = 0;
  for (const { values: own } of weights) {
    values.set(own, end);
    end += own.length;
  }
  const { trainingConfig, notes } = trainingOf(variant);
  const model = {
    format: "layers-model",
    generatedBy: `TensorFlow.js tfjs-layers v${TFJS_VERSION}`,
    convertedBy: null,
    modelTopology: topology(variant, network, layers),
    ...(trainingConfig === undefined ? {} : { trainingConfig }),
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weights.map(({ entry }) => entry) }],
  };
  const files = {
    "model.json": strToU8(`${JSON.stringify(model)}\n`),
    [WEIGHTS_FILE]: littleEndian(values),
  };
  return { files, notes };
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return bytes;
}

function weightName({ className }: NamedLayer, kind: string): string {
  if (kind !== "kernel") return pythonName(kind);
  if (className === "Embedding") return "embeddings";
  return className === "DepthwiseConv2D" ? "depthwise_kernel" : "kernel";
}

/** What TensorFlow.js does not have, or computes by another formula. */
function requireKnown({ className, config }: NamedLayer): void {
  const lacks =
    UNKNOWN_CLASSES.get(className) ??
    (typeof config.activation === "string"
      ? UNKNOWN_ACTIVATIONS.get(config.activation)
      : undefined);
  if (lacks !== undefined) throw unsupported("TensorFlow.js", `${lacks}; write a .keras file.`);
}

const UNKNOWN_CLASSES: ReadonlyMap<string, string> = new Map([
  ["GRU", "it has no GRU with reset_after=True"],
  ["ELU", "its ELU has no alpha but 1"],
  ["ActivityRegularization", "it has no layer ActivityRegularization"],
]);

const UNKNOWN_ACTIVATIONS: ReadonlyMap<string, string> = new Map([
  ["exponential", "it has no activation exponential"],
  ["hard_sigmoid", "its hardSigmoid is that of Keras 2, another function"],
]);

function topology({ model }: Variant, network: Network, layers: readonly NamedLayer[]): Fields {
  const input = {
    class_name: "InputLayer",
    config: {
      batch_input_shape: [null, ...(model.inputShape ?? [network.inputs])],
      dtype: "float32",
      sparse: false,
      name: INPUT_NAME,
    },
  };
  const written = layers.map(({ name, className, config }) => ({
    class_name: className,
    config: { name, trainable: true, ...keras2(className, config) },
  }));
  const versions = { keras_version: `tfjs-layers ${TFJS_VERSION}`, backend: "tensor_flow.js" };
  if (layers.every(({ inbound }) => inbound.length === 1)) {
    const config = { name: "sequential", layers: [input, ...written] };
    return { class_name: "Sequential", config, ...versions };
  }
  const nodes = layers.map(({ name, inbound }, i) => ({
    ...written[i],
    name,
    inbound_nodes: [inbound.map((from) => [from, 0, 0, {}])],
  }));
  const config = {
    name: "model",
    layers: [{ ...input, name: INPUT_NAME, inbound_nodes: [] }, ...nodes],
    input_layers: [[INPUT_NAME, 0, 0]],
    output_layers: [[layers.at(-1)!.name, 0, 0]],
  };
  return { class_name: "Functional", config, ...versions };
}

/** Settings in Keras 2's form: no modules, and the slope of LeakyReLU is its alpha. */
function keras2(className: string, config: Fields): Fields {
  const plain = (value: unknown): unknown => {
    if (!isFields(value) || value.class_name === undefined) return value;
    // TensorFlow.js spells LeCun's initializers as their author does.
    const name = String(value.class_name).replace(/^Lecun/, "LeCun");
    return { class_name: name, config: value.config };
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      className === "LeakyReLU" && key === "negative_slope" ? "alpha" : key,
      key === "activation" && value === "silu" ? "swish" : plain(value),
    ]),
  );
}

/** TensorFlow.js's optimizers and the settings that they take; of others it knows nothing. */
const OPTIMIZERS: Readonly<Record<string, readonly [name: string, ...settings: string[]]>> = {
  sgd: ["SGD"],
  adam: ["Adam", "beta1", "beta2", "epsilon"],
  adamax: ["Adamax", "beta1", "beta2", "epsilon"],
  rmsprop: ["RMSProp", "rho", "momentum", "epsilon", "centered"],
  adadelta: ["Adadelta", "rho", "epsilon"],
};

function trainingOf({ train }: Variant): { trainingConfig?: Fields; notes: readonly string[] } {
  const { loss, optimizer, learningRate } = train;
  const [name, ...settings] = OPTIMIZERS[optimizer.name] ?? [];
  const usual: Fields = optimizerSchema.parse(optimizer.name);
  const others = Object.entries(optimizer).filter(
    ([key, value]) => key !== "name" && !settings.includes(key) && value !== usual[key],
  );
  const unknown = [
    ...(name === undefined ? [`the optimizer ${optimizer.name}`] : []),
    ...others.map(([key]) => `${key} of ${optimizer.name}`),
    ...(typeof learningRate === "number" ? [] : [`the schedule ${learningRate.schedule}`]),
    ...(loss.fromLogits ? ["fromLogits"] : []),
    ...(loss.labelSmoothing > 0 ? ["labelSmoothing"] : []),
    ...(loss.name.endsWith("FocalCrossentropy") ? [`the loss ${loss.name}`] : []),
  ];
  if (unknown.length > 0) {
    const says = `TensorFlow.js has no word for ${unknown.join(", ")}: the model is not compiled.`;
    return { notes: [says] };
  }
  const config = Object.fromEntries(
    settings.map((key) => [
      key === "rho" && name === "RMSProp" ? "decay" : key,
      (optimizer as Fields)[key],
    ]),
  );
  const trainingConfig = {
    loss: pythonWord(loss.name),
    metrics: ["accuracy"],
    optimizer_config: { class_name: name, config: { learning_rate: learningRate, ...config } },
  };
  return { trainingConfig, notes: [] };
}
