// The names of a spec in Keras 3's Python: most differ in their letters' case alone.

import type { Activation } from "./words.ts";

/** `weightDecay` is `weight_decay`, unless Keras spells it otherwise. */
export function pythonName(name: string): string {
  return SPELLINGS[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const SPELLINGS: Readonly<Record<string, string>> = {
  beta1: "beta_1",
  beta2: "beta_2",
  clipNorm: "clipnorm",
  clipValue: "clipvalue",
  globalClipNorm: "global_clipnorm",
  initialAccumulator: "initial_accumulator_value",
  initial: "initial_learning_rate",
  end: "end_learning_rate",
  restoreBest: "restore_best_weights",
  minLearningRate: "min_lr",
  targetShape: "target_shape",
};

/** Of values that are words: `valLoss`, `fanIn`, `truncatedNormal`. */
export function pythonWord(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Activations that Keras knows by a word; the others are layers or functions. */
export const ACTIVATION_WORDS: Readonly<Partial<Record<Activation, string>>> = {
  linear: "linear",
  relu: "relu",
  elu: "elu",
  selu: "selu",
  gelu: "gelu",
  sigmoid: "sigmoid",
  hardSigmoid: "hard_sigmoid",
  tanh: "tanh",
  softplus: "softplus",
  softsign: "softsign",
  swish: "silu",
  mish: "mish",
  softmax: "softmax",
};

export const LAYER_CLASSES: Readonly<Record<string, string>> = {
  dense: "Dense",
  activation: "Activation",
  dropout: "Dropout",
  alphaDropout: "AlphaDropout",
  gaussianNoise: "GaussianNoise",
  batchNormalization: "BatchNormalization",
  layerNormalization: "LayerNormalization",
  flatten: "Flatten",
  reshape: "Reshape",
  conv1d: "Conv1D",
  conv2d: "Conv2D",
  depthwiseConv2d: "DepthwiseConv2D",
  maxPooling1d: "MaxPooling1D",
  averagePooling1d: "AveragePooling1D",
  maxPooling2d: "MaxPooling2D",
  averagePooling2d: "AveragePooling2D",
  globalMaxPooling1d: "GlobalMaxPooling1D",
  globalAveragePooling1d: "GlobalAveragePooling1D",
  globalMaxPooling2d: "GlobalMaxPooling2D",
  globalAveragePooling2d: "GlobalAveragePooling2D",
  embedding: "Embedding",
  simpleRNN: "SimpleRNN",
  lstm: "LSTM",
  gru: "GRU",
};

export const INITIALIZER_CLASSES: Readonly<Record<string, string>> = {
  zeros: "Zeros",
  ones: "Ones",
  constant: "Constant",
  identity: "Identity",
  orthogonal: "Orthogonal",
  randomUniform: "RandomUniform",
  randomNormal: "RandomNormal",
  truncatedNormal: "TruncatedNormal",
  varianceScaling: "VarianceScaling",
  glorotUniform: "GlorotUniform",
  glorotNormal: "GlorotNormal",
  heUniform: "HeUniform",
  heNormal: "HeNormal",
  leCunUniform: "LecunUniform",
  leCunNormal: "LecunNormal",
};

export const OPTIMIZER_CLASSES: Readonly<Record<string, string>> = {
  sgd: "SGD",
  adam: "Adam",
  adamw: "AdamW",
  nadam: "Nadam",
  adamax: "Adamax",
  rmsprop: "RMSprop",
  adagrad: "Adagrad",
  adadelta: "Adadelta",
  lion: "Lion",
};

export const SCHEDULE_CLASSES: Readonly<Record<string, string>> = {
  piecewiseConstant: "PiecewiseConstantDecay",
  exponential: "ExponentialDecay",
  inverseTime: "InverseTimeDecay",
  polynomial: "PolynomialDecay",
  cosine: "CosineDecay",
  cosineRestarts: "CosineDecayRestarts",
};

export const LOSS_CLASSES: Readonly<Record<string, string>> = {
  binaryCrossentropy: "BinaryCrossentropy",
  categoricalCrossentropy: "CategoricalCrossentropy",
  sparseCategoricalCrossentropy: "SparseCategoricalCrossentropy",
  binaryFocalCrossentropy: "BinaryFocalCrossentropy",
  categoricalFocalCrossentropy: "CategoricalFocalCrossentropy",
  hinge: "Hinge",
  meanSquaredError: "MeanSquaredError",
  meanAbsoluteError: "MeanAbsoluteError",
};
