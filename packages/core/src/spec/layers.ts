// The layers that a model lists, with Keras's names and defaults; options that are not here are not
// computed, and the schema says so. Dense layers and what stands between them run on every engine;
// layers over images, steps and tokens run on the tfjs engine alone. compile/blocks.ts folds the
// list into blocks.

import * as z from "zod/mini";
import { activationSchema } from "./activations.ts";
import { initializerSchema } from "./initializers.ts";
import { preprocess } from "./preprocess.ts";
import { shortForms } from "./shorthand.ts";

const share = z
  .number()
  .check(
    z.minimum(0),
    z.lt(1),
    z.describe("Share of the values that is dropped, 0 to below 1, in training only."),
  );

function regularizer(of: string) {
  return z
    .prefault(
      z.strictObject({
        l1: z
          ._default(z.number().check(z.minimum(0)), 0)
          .check(z.describe("Factor of the sum of sizes.")),
        l2: z
          ._default(z.number().check(z.minimum(0)), 0)
          .check(z.describe("Factor of the sum of squares.")),
      }),
      {},
    )
    .check(z.describe(`Penalty on ${of}, added to the loss.`));
}

const units = z.int().check(z.minimum(1), z.maximum(8192));

const kernelRegularizer = regularizer("the kernel (Keras: kernel_regularizer)");
const activityRegularizer = regularizer(
  "the activated outputs, per sample (Keras: activity_regularizer)",
);

const kernel = {
  kernelInitializer: z
    .prefault(initializerSchema, "glorotUniform")
    .check(z.describe("First weights of the kernel (Keras: kernel_initializer).")),
  kernelRegularizer,
};

const bias = {
  useBias: z
    ._default(z.boolean(), true)
    .check(z.describe("Whether a bias is added (Keras: use_bias).")),
  biasInitializer: z
    .prefault(initializerSchema, "zeros")
    .check(z.describe("First weights of the bias (Keras: bias_initializer).")),
  biasRegularizer: regularizer("the bias (Keras: bias_regularizer)"),
  activityRegularizer,
};

const activation = z
  .prefault(activationSchema, "linear")
  .check(z.describe("Function of the layer's outputs: a name, or an object with its alpha."));

const denseLayer = z.strictObject({
  type: z
    ._default(z.literal("dense"), "dense")
    .check(z.describe("A dense layer; `type` may be left out.")),
  units: units.check(z.describe("Number of outputs of the layer.")),
  activation,
  ...kernel,
  ...bias,
});

const normalization = {
  epsilon: z
    ._default(z.number().check(z.positive()), 1e-3)
    .check(z.describe("Added to the variance under the root.")),
  center: z._default(z.boolean(), true).check(z.describe("Whether a trained beta is added.")),
  scale: z._default(z.boolean(), true).check(z.describe("Whether a trained gamma multiplies.")),
};

/** A size per axis; a number stands for that size on each of them. */
function sizes(axes: 1 | 2) {
  const size = z.int().check(z.minimum(1), z.maximum(1024));
  const list = axes === 1 ? z.tuple([size]) : z.tuple([size, size]);
  const written = preprocess(
    (value) => (typeof value === "number" ? Array(axes).fill(value) : value),
    list as z.ZodMiniType<number[]>,
  );
  shortForms.add(written, { forms: [{ type: "integer", minimum: 1, maximum: 1024 }] });
  return written;
}

/** Keras's "causal" is not computed. */
const padding = z
  ._default(z.enum(["valid", "same"]), "valid")
  .check(z.describe("Whether windows stay inside, or zeros around let every place have one."));

function windows(axes: 1 | 2) {
  return {
    kernelSize: sizes(axes).check(
      z.describe("Size of the window per axis, or one number (kernel_size)."),
    ),
    strides: z
      .prefault(sizes(axes), 1)
      .check(z.describe("Step of the window per axis, or one number.")),
    padding,
    dilationRate: z
      .prefault(sizes(axes), 1)
      .check(
        z.describe("Distance of the window's places per axis, or one number (dilation_rate)."),
      ),
  };
}

function convolution(axes: 1 | 2) {
  const filters = units.check(z.describe("Number of channels that come out."));
  return { filters, ...windows(axes), activation, ...kernel, ...bias };
}

function pooling(axes: 1 | 2) {
  return {
    poolSize: z
      .prefault(sizes(axes), 2)
      .check(z.describe("Size of the window per axis, or one number (pool_size).")),
    strides: z
      .optional(sizes(axes))
      .check(z.describe("Step of the window per axis, or one number. Absent: the window's size.")),
    padding,
  };
}

/** The cells have Keras's default activations and no others. */
const recurrent = {
  units: units.check(z.describe("Size of the state.")),
  activation: z
    ._default(z.literal("tanh"), "tanh")
    .check(z.describe("Function of the state: Keras's default.")),
  returnSequences: z
    ._default(z.boolean(), false)
    .check(z.describe("Whether every step's output comes out, or the last (return_sequences).")),
  ...kernel,
  recurrentInitializer: z
    .prefault(initializerSchema, "orthogonal")
    .check(z.describe("First weights of the state's kernel (recurrent_initializer).")),
  ...bias,
};

const gates = {
  recurrentActivation: z
    ._default(z.literal("sigmoid"), "sigmoid")
    .check(z.describe("Function of the gates: Keras's default (recurrent_activation).")),
};

const globalPooling = [
  "globalMaxPooling1d",
  "globalAveragePooling1d",
  "globalMaxPooling2d",
  "globalAveragePooling2d",
] as const;

/** Layers that compute with the shape of a row: (steps, channels) or (height, width, channels). */
const shapedLayers = [
  z.strictObject({
    type: z.literal("conv1d").check(z.describe("A convolution over (steps, channels).")),
    ...convolution(1),
  }),
  z.strictObject({
    type: z.literal("conv2d").check(z.describe("A convolution over (height, width, channels).")),
    ...convolution(2),
  }),
  z.strictObject({
    type: z
      .literal("depthwiseConv2d")
      .check(z.describe("A convolution of every channel by kernels of its own.")),
    depthMultiplier: z
      ._default(units, 1)
      .check(z.describe("Kernels per channel (depth_multiplier).")),
    ...windows(2),
    depthwiseInitializer: z
      .prefault(initializerSchema, "glorotUniform")
      .check(z.describe("First weights of the kernels (depthwise_initializer).")),
    depthwiseRegularizer: regularizer("the kernels (Keras: depthwise_regularizer)"),
    activation,
    ...bias,
  }),
  z.strictObject({
    type: z
      .enum(["maxPooling1d", "averagePooling1d"])
      .check(z.describe("The largest or the mean number of each window of steps.")),
    ...pooling(1),
  }),
  z.strictObject({
    type: z
      .enum(["maxPooling2d", "averagePooling2d"])
      .check(z.describe("The largest or the mean number of each window of an image.")),
    ...pooling(2),
  }),
  z.strictObject({
    type: z.enum(globalPooling).check(z.describe("One number per channel over all places.")),
  }),
  z.strictObject({
    type: z
      .literal("embedding")
      .check(
        z.describe("A trained vector for every token; rows are whole numbers below inputDim."),
      ),
    inputDim: z
      .int()
      .check(z.minimum(1), z.maximum(1_000_000), z.describe("Number of tokens (input_dim).")),
    outputDim: units.check(z.describe("Length of a token's vector (output_dim).")),
    embeddingsInitializer: z
      .prefault(initializerSchema, "randomUniform")
      .check(z.describe("First weights of the vectors (embeddings_initializer).")),
    embeddingsRegularizer: regularizer("the vectors (Keras: embeddings_regularizer)"),
    activityRegularizer,
  }),
  z.strictObject({
    type: z.literal("simpleRNN").check(z.describe("A recurrent layer over (steps, channels).")),
    ...recurrent,
  }),
  z.strictObject({
    type: z.literal("lstm").check(z.describe("A long short-term memory over (steps, channels).")),
    ...recurrent,
    ...gates,
    unitForgetBias: z
      ._default(z.boolean(), true)
      .check(z.describe("Whether the bias of the forget gate starts at 1 (unit_forget_bias).")),
  }),
  z.strictObject({
    type: z.literal("gru").check(z.describe("A gated recurrent unit over (steps, channels).")),
    ...recurrent,
    ...gates,
  }),
] as const;

export const layerSchema = z.union([
  denseLayer,
  z.discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("activation").check(z.describe("A function of each value, or a softmax.")),
      activation: activationSchema.check(z.describe("A name, or an object with its alpha.")),
    }),
    z.strictObject({
      type: z.literal("dropout").check(z.describe("Dropout, inverted: what is kept is scaled up.")),
      rate: share,
    }),
    z.strictObject({
      type: z
        .literal("alphaDropout")
        .check(z.describe("Dropout that keeps selu's mean and variance (Keras: AlphaDropout).")),
      rate: share,
    }),
    z.strictObject({
      type: z.literal("gaussianNoise").check(z.describe("Normal noise, added in training only.")),
      stddev: z.number().check(z.minimum(0), z.describe("Standard deviation of the noise.")),
    }),
    z.strictObject({
      type: z
        .literal("batchNormalization")
        .check(z.describe("Each unit to mean 0 and variance 1 over the batch.")),
      momentum: z
        ._default(z.number().check(z.minimum(0), z.maximum(1)), 0.99)
        .check(z.describe("Share of the old moving mean and variance that a step keeps.")),
      ...normalization,
    }),
    z.strictObject({
      type: z
        .literal("layerNormalization")
        .check(z.describe("Each sample to mean 0 and variance 1 over its units.")),
      ...normalization,
    }),
    z.strictObject({
      type: z
        .literal("add")
        .check(z.describe("A residual connection: an earlier output is added.")),
      from: z
        .int()
        .check(
          z.minimum(0),
          z.describe("Place in the list of layers, from 0, of the one whose output is added."),
        ),
    }),
    z.strictObject({
      type: z.literal("flatten").check(z.describe("Every row as one vector, row-major.")),
    }),
    z.strictObject({
      type: z
        .literal("reshape")
        .check(z.describe("Another shape for the same numbers, row-major.")),
      targetShape: z
        .array(units)
        .check(
          z.minLength(1),
          z.maxLength(3),
          z.describe("(steps, channels), (height, width, channels) or one length (target_shape)."),
        ),
    }),
    ...shapedLayers,
  ]),
]);
