// The words of a spec that engines know too, apart from the schemas that read them: who trains a plan
// that is made needs no reader of specs.

/** By their names in TensorFlow.js layers, which lacks `exponential`: that is Keras's. */
export const ACTIVATIONS = [
  "linear",
  "relu",
  "leakyReLU",
  "prelu",
  "elu",
  "selu",
  "gelu",
  "geluTanh",
  "sigmoid",
  "hardSigmoid",
  "tanh",
  "softplus",
  "softsign",
  "swish",
  "mish",
  "exponential",
  "softmax",
] as const;

export type Activation = (typeof ACTIVATIONS)[number];

/** Slope or scale where the activation has one: Keras's layers' defaults. */
export const DEFAULT_ALPHA: Partial<Record<Activation, number>> = {
  leakyReLU: 0.3,
  prelu: 0,
  elu: 1,
};

export const LOSSES = [
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
  "binaryFocalCrossentropy",
  "categoricalFocalCrossentropy",
  "hinge",
  "meanSquaredError",
  "meanAbsoluteError",
] as const;

export type Loss = (typeof LOSSES)[number];

/** Keras's default learning rate of each optimizer. */
export const DEFAULT_LEARNING_RATE = {
  sgd: 0.01,
  adam: 0.001,
  adamw: 0.001,
  nadam: 0.001,
  adamax: 0.001,
  rmsprop: 0.001,
  adagrad: 0.001,
  adadelta: 0.001,
  lion: 0.001,
} as const;
