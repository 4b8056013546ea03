// One layer of Keras as layers of a spec, in Keras's words for both. What a spec cannot say is an
// error where it makes another network, and a note where the network is the same.

import { LAYER_CLASSES } from "../spec/keras-names.ts";
import type { LayerSpec } from "../spec/spec.ts";
import { type Fields, isCustom, letters, plainNumber, shown } from "./keras-objects.ts";
import { activationOf, initializerOf, type LayerReader, penaltyOf } from "./keras-settings.ts";

export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Fields;
  /** As it stands in the file. */
  readonly written: Fields;
}

/** What a layer of Keras is here. */
export interface TranslatedLayer {
  /** As `layerSchema` takes them. */
  readonly layers: readonly Fields[];
  /** Of `layers`, the one that has the layer's weights. */
  readonly weighted: number;
  /** It standardizes columns, which is a spec's preprocessing. */
  readonly standardizes?: boolean;
}

/** Everything but InputLayer and Add, which the list of layers is about. */
export function translateLayer(layer: KerasLayer, reader: LayerReader): TranslatedLayer {
  const { className: kind, config, written } = layer;
  const translate = isCustom(written) ? undefined : TRANSLATIONS.get(kind);
  if (translate === undefined) {
    return reader.fail(
      `is of a class that a spec cannot say; it knows ${[...TRANSLATIONS.keys()].join(", ")} and Add.`,
    );
  }
  for (const key of ["kernel", "bias", "gamma", "beta", "embeddings", "recurrent", "depthwise"]) {
    const constraint = config[`${key}_constraint`];
    if (constraint) reader.note(`its ${key} constraint ${shown(constraint)} is left out.`);
  }
  if (config.trainable === false) reader.note("is frozen in the file, and is trained here.");
  const translated = translate(config, reader);
  return "layers" in translated ? translated : { layers: translated, weighted: 0 };
}

type Translate = (config: Fields, reader: LayerReader) => readonly Fields[] | TranslatedLayer;

/** `{ [name]: config[kerasName] }` of settings that are there. */
function settings(config: Fields, names: Readonly<Record<string, string>>): Fields {
  const present = Object.entries(names).filter(([, keras]) => (config[keras] ?? null) !== null);
  return Object.fromEntries(present.map(([name, keras]) => [name, plainNumber(config[keras])]));
}

function penalties(config: Fields, names: readonly string[], reader: LayerReader): Fields {
  return Object.fromEntries(
    names.map((name) => [
      `${name}Regularizer`,
      penaltyOf(config[`${name}_regularizer`], name, reader),
    ]),
  );
}

function initializers(config: Fields, names: readonly string[], reader: LayerReader): Fields {
  const present = names.filter((name) => (config[`${name}_initializer`] ?? null) !== null);
  return Object.fromEntries(
    present.map((name) => [
      `${name}Initializer`,
      initializerOf(config[`${name}_initializer`], reader),
    ]),
  );
}

const dense: Translate = (config, reader) => [
  {
    type: "dense",
    ...settings(config, { units: "units", useBias: "use_bias" }),
    activation: activationOf(config.activation, reader),
    ...initializers(config, ["kernel", "bias"], reader),
    ...penalties(config, ["kernel", "bias", "activity"], reader),
  },
];

function dropout(type: LayerSpec["type"]): Translate {
  return (config, reader) => {
    if (config.noise_shape)
      reader.note("its noise_shape is left out: values are dropped one by one.");
    // Keras takes a rate of 0 as no layer.
    return config.rate === 0 ? [] : [{ type, ...settings(config, { rate: "rate" }) }];
  };
}

const batchNormalization: Translate = (config, reader) => {
  requireLastAxis(config, reader);
  return [
    {
      type: "batchNormalization",
      ...settings(config, {
        momentum: "momentum",
        epsilon: "epsilon",
        center: "center",
        scale: "scale",
      }),
    },
  ];
};

const layerNormalization: Translate = (config, reader) => {
  requireLastAxis(config, reader);
  if (config.rms_scaling) reader.fail("scales by the root mean square, which a spec cannot say.");
  const named = settings(config, { epsilon: "epsilon", center: "center", scale: "scale" });
  return [{ type: "layerNormalization", ...named }];
};

/** Normalization over another axis than the last. Files that know the rank count from the front. */
function requireLastAxis({ axis }: Fields, reader: LayerReader): void {
  const [first, ...more] = Array.isArray(axis) ? axis : [axis ?? -1];
  if (more.length === 0 && typeof first === "number" && [-1, 1, 2, 3].includes(first)) return;
  reader.fail(`works over axis ${JSON.stringify(axis)}; a spec knows the last alone.`);
}

function activationLayer(className: string): Translate {
  return (config, reader) => {
    const written = { class_name: className, config };
    return [{ type: "activation", activation: activationOf(written, reader) }];
  };
}

const softmax: Translate = (config, reader) => {
  requireLastAxis(config, reader);
  return [{ type: "activation", activation: "softmax" }];
};

/** Windows over steps or images. */
const WINDOW = { kernelSize: "kernel_size", strides: "strides", dilationRate: "dilation_rate" };

function requireWindows(config: Fields, reader: LayerReader): void {
  if (config.data_format === "channels_first") {
    reader.fail("takes channels first; a spec has them last, as Keras by default.");
  }
  if (typeof config.groups === "number" && config.groups > 1) {
    reader.fail(`has ${config.groups} groups, which a spec cannot say.`);
  }
}

function convolution(type: "conv1d" | "conv2d"): Translate {
  return (config, reader) => {
    requireWindows(config, reader);
    const [{ units: _, ...rest }] = dense(config, reader) as readonly Fields[];
    return [
      {
        ...rest,
        type,
        ...settings(config, { filters: "filters", useBias: "use_bias", padding: "padding" }),
        ...settings(config, WINDOW),
      },
    ];
  };
}

const depthwiseConvolution: Translate = (config, reader) => {
  requireWindows(config, reader);
  return [
    {
      type: "depthwiseConv2d",
      ...settings(config, { depthMultiplier: "depth_multiplier", useBias: "use_bias" }),
      ...settings(config, { padding: "padding", ...WINDOW }),
      activation: activationOf(config.activation, reader),
      ...initializers(config, ["depthwise", "bias"], reader),
      ...penalties(config, ["depthwise", "bias", "activity"], reader),
    },
  ];
};

function pooling(type: LayerSpec["type"]): Translate {
  return (config, reader) => {
    requireWindows(config, reader);
    const names = { poolSize: "pool_size", strides: "strides", padding: "padding" };
    return [{ type, ...settings(config, names) }];
  };
}

function globalPooling(type: LayerSpec["type"]): Translate {
  return (config, reader) => {
    requireWindows(config, reader);
    if (config.keepdims) reader.fail("keeps its axes (keepdims), which a spec cannot say.");
    return [{ type }];
  };
}

function recurrent(type: "simpleRNN" | "lstm" | "gru"): Translate {
  return (config, reader) => {
    for (const key of [
      "go_backwards",
      "stateful",
      "return_state",
      "dropout",
      "recurrent_dropout",
    ]) {
      if (config[key]) reader.fail(`has ${key}, which a spec cannot say.`);
    }
    if (type === "gru" && config.reset_after === false) {
      reader.fail("has reset_after=False; a spec's gru is Keras's default, reset_after=True.");
    }
    const { activation = "tanh", recurrent_activation: gates = "sigmoid" } = config;
    return [
      {
        type,
        ...settings(config, {
          units: "units",
          useBias: "use_bias",
          returnSequences: "return_sequences",
          ...(type === "lstm" ? { unitForgetBias: "unit_forget_bias" } : {}),
        }),
        activation: shortName(activationOf(activation, reader)),
        ...(type === "simpleRNN"
          ? {}
          : { recurrentActivation: shortName(activationOf(gates, reader)) }),
        ...initializers(config, ["kernel", "recurrent", "bias"], reader),
        ...penalties(config, ["kernel", "bias", "activity"], reader),
      },
    ];
  };
}

function shortName(activation: unknown): unknown {
  return typeof activation === "string" ? activation : (activation as Fields).name;
}

const embedding: Translate = (config, reader) => {
  if (config.mask_zero) reader.fail("has mask_zero, which a spec cannot say.");
  return [
    {
      type: "embedding",
      ...settings(config, { inputDim: "input_dim", outputDim: "output_dim" }),
      ...initializers(config, ["embeddings"], reader),
      ...penalties(config, ["embeddings", "activity"], reader),
    },
  ];
};

/** A penalty on outputs is a spec's on the layer in front; here it is a linear layer's own. */
const activityRegularization: Translate = (config, reader) => {
  const { l1 = 0, l2 = 0 } = config;
  if (l1 !== 0 || l2 !== 0) {
    reader.note("its penalty is left out; write activityRegularizer at the layer in front.");
  }
  return [];
};

/** Mean and variance that `adapt` has put into a layer, or that stand in it. */
const normalization: Translate = (config, reader) => {
  if (config.invert) reader.fail("inverts a normalization, which a spec cannot say.");
  reader.note("becomes preprocess: [standardize], fitted on the training part of the data.");
  return { layers: [], weighted: 0, standardizes: true };
};

const timeDistributed: Translate = (config, reader) => {
  const inner = config.layer as Fields | undefined;
  if (inner?.class_name !== "Dense") {
    reader.fail(`repeats a ${shown(inner)}; a spec repeats dense layers alone.`);
  }
  return dense(inner!.config as Fields, reader);
};

const reshape: Translate = (config, reader) => {
  const { target_shape: shape } = config;
  if (Array.isArray(shape) && shape.includes(-1)) {
    reader.fail(`has the target_shape ${JSON.stringify(shape)}; write the -1 out as a number.`);
  }
  return [{ type: "reshape", targetShape: shape }];
};

const TRANSLATIONS: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  [LAYER_CLASSES.dense, dense],
  ["TimeDistributed", timeDistributed],
  [
    LAYER_CLASSES.activation,
    (config, reader) => [
      { type: "activation", activation: activationOf(config.activation, reader) },
    ],
  ],
  ...["ReLU", "LeakyReLU", "PReLU", "ELU"].map((name) => [name, activationLayer(name)] as const),
  ["Softmax", softmax],
  [LAYER_CLASSES.dropout, dropout("dropout")],
  [LAYER_CLASSES.alphaDropout, dropout("alphaDropout")],
  [
    LAYER_CLASSES.gaussianNoise,
    (config) => [{ type: "gaussianNoise", ...settings(config, { stddev: "stddev" }) }],
  ],
  [LAYER_CLASSES.batchNormalization, batchNormalization],
  [LAYER_CLASSES.layerNormalization, layerNormalization],
  ["ActivityRegularization", activityRegularization],
  ["Normalization", normalization],
  [LAYER_CLASSES.flatten, () => [{ type: "flatten" }]],
  [LAYER_CLASSES.reshape, reshape],
  [LAYER_CLASSES.conv1d, convolution("conv1d")],
  [LAYER_CLASSES.conv2d, convolution("conv2d")],
  [LAYER_CLASSES.depthwiseConv2d, depthwiseConvolution],
  ...(["maxPooling1d", "averagePooling1d", "maxPooling2d", "averagePooling2d"] as const).map(
    (type) => [LAYER_CLASSES[type], pooling(type)] as const,
  ),
  ...(
    [
      "globalMaxPooling1d",
      "globalAveragePooling1d",
      "globalMaxPooling2d",
      "globalAveragePooling2d",
    ] as const
  ).map((type) => [LAYER_CLASSES[type], globalPooling(type)] as const),
  [LAYER_CLASSES.embedding, embedding],
  [LAYER_CLASSES.simpleRNN, recurrent("simpleRNN")],
  [LAYER_CLASSES.lstm, recurrent("lstm")],
  [LAYER_CLASSES.gru, recurrent("gru")],
]);

/** Old names of classes, which files of Keras 2 still have. */
export function className(written: string): string {
  return OLD_NAMES.get(letters(written)) ?? written;
}

const OLD_NAMES: ReadonlyMap<string, string> = new Map(
  ["Convolution1D", "Convolution2D"].map((name) => [
    letters(name),
    name.replace("Convolution", "Conv"),
  ]),
);
