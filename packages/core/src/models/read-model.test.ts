import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { HEAD, kerasLayer, modelFixture, readJson, sequentialJson } from "../../test/keras-file.ts";
import { type SpecInput, specText, yamlText } from "../index.ts";
import { readModel } from "./read-model.ts";

/** The layers as a person would write them. */
function layersOf(source: unknown): unknown {
  const { model } = readJson(source);
  const spec: SpecInput = {
    name: "m",
    data: { source: { kind: "inline", rows: [[0], [1]], labels: [0, 1] } },
    model,
    train: { loss: "hinge", epochs: 1 },
  };
  return parse(specText(spec)).model.layers;
}

function failure(source: unknown): string {
  try {
    readJson(source);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing is wrong";
}

describe("files of Keras 3.15.1", () => {
  const network = {
    name: "sequential",
    inputShape: [4],
    notes: [],
    preprocess: [],
  };

  test.each(["m.keras", "m.h5", "m.json"])("%s: the same network", (name) => {
    const model = readModel(name, modelFixture(name));
    expect(model).toMatchObject(network);
    expect(yamlText(model.model)).toBe(yamlText(readModel("m", modelFixture("m.keras")).model));
    expect(model.model.layers).toMatchObject([
      { type: "dense", units: 8, activation: "relu", kernelInitializer: "heNormal" },
      { type: "batchNormalization", momentum: 0.99, epsilon: 0.001 },
      { type: "dropout", rate: 0.2 },
      { type: "dense", units: 3, activation: "softmax" },
    ]);
    expect(model.train.loss).toEqual({ name: "sparseCategoricalCrossentropy" });
  });

  test.each(["m.keras", "m.h5"])("%s: its training and its weights", (name) => {
    const { train, weights } = readModel(name, modelFixture(name));
    expect(train).toMatchObject({ optimizer: { name: "adam" }, learningRate: 0.01 });
    const shapes = weights!.map(({ type, tensors }) => [
      type,
      ...tensors.map(({ shape }) => shape.join("x")),
    ]);
    expect(shapes).toEqual([
      ["dense", "4x8", "8"],
      ["batchNormalization", "8", "8", "8", "8"],
      ["dense", "8x3", "3"],
    ]);
    const [[kernel], [gamma, beta, mean, variance]] = weights!.map(({ tensors }) => tensors);
    expect(kernel.values[0]).toBe(1.0771011114120483);
    const all = (value: number) => new Float32Array(8).fill(value);
    expect([gamma, beta, mean, variance].map(({ values }) => values)).toEqual(
      [1, 0, 0, 1].map(all),
    );
  });

  test("to_json() holds no weights, and of compile no optimizer", () => {
    const { train, weights } = readModel("m.json", modelFixture("m.json"));
    expect(Object.keys(train)).toEqual(["loss"]);
    expect(weights).toBeUndefined();
  });

  test("weights alone are no model", () => {
    expect(() => readModel("m.weights.h5", modelFixture("m.weights.h5"))).toThrow(
      "cannot read m.weights.h5: it holds weights alone",
    );
  });
});

describe("layers", () => {
  test.each<[string, unknown, unknown]>([
    ["a string", "relu", "relu"],
    ["another spelling", "silu", "swish"],
    ["the function's slope", "leaky_relu", { name: "leakyReLU", alpha: 0.2 }],
    ["the layer's slope", { class_name: "LeakyReLU", config: {} }, "leakyReLU"],
    [
      "a slope that went through float32",
      { class_name: "LeakyReLU", config: { negative_slope: 0.10000000149011612 } },
      { name: "leakyReLU", alpha: 0.1 },
    ],
    [
      "Keras 2's name of it",
      { class_name: "LeakyReLU", config: { alpha: 0.5 } },
      { name: "leakyReLU", alpha: 0.5 },
    ],
    ["a built-in function", { class_name: "function", config: "tanh" }, "tanh"],
    ["none", null, "linear"],
  ])("activation as %s", (_, activation, expected) => {
    expect(layersOf(sequentialJson([kerasLayer("Dense", { units: 2, activation }), HEAD]))).toEqual(
      [
        { units: 2, activation: expected },
        { units: 3, activation: "softmax" },
      ],
    );
  });

  test("initializers and penalties, as objects and as words", () => {
    const config = {
      units: 2,
      kernel_initializer: {
        class_name: "VarianceScaling",
        config: { scale: 2, mode: "fan_in", distribution: "truncated_normal", seed: null },
      },
      bias_initializer: { class_name: "Constant", config: { value: 0.10000000149011612 } },
      kernel_regularizer: { class_name: "L1L2", config: { l1: 0, l2: 0.009999999776482582 } },
      activity_regularizer: "l1",
    };
    expect(layersOf(sequentialJson([kerasLayer("Dense", config), HEAD]))).toMatchObject([
      {
        kernelInitializer: "heNormal",
        biasInitializer: { name: "constant", value: 0.1 },
        kernelRegularizer: { l2: 0.01 },
        activityRegularizer: { l1: 0.01 },
      },
      {},
    ]);
  });

  test("what stands between dense layers", () => {
    const layers = [
      kerasLayer("Dense", { units: 2, use_bias: false }),
      kerasLayer("BatchNormalization", { axis: [1], momentum: 0.9 }),
      kerasLayer("ReLU", { max_value: null, negative_slope: 0, threshold: 0 }),
      kerasLayer("LayerNormalization", { axis: -1 }),
      kerasLayer("PReLU", { alpha_initializer: { class_name: "Zeros", config: {} } }),
      kerasLayer("GaussianNoise", { stddev: 0.10000000149011612 }),
      kerasLayer("AlphaDropout", { rate: 0.5 }),
      kerasLayer("Dropout", { rate: 0 }),
      kerasLayer("Softmax", { axis: -1 }),
      HEAD,
    ];
    expect(layersOf(sequentialJson(layers))).toEqual([
      { units: 2, activation: "linear", useBias: false },
      { type: "batchNormalization", momentum: 0.9 },
      { type: "activation", activation: "relu" },
      { type: "layerNormalization" },
      { type: "activation", activation: "prelu" },
      { type: "gaussianNoise", stddev: 0.1 },
      { type: "alphaDropout", rate: 0.5 },
      { type: "activation", activation: "softmax" },
      { units: 3, activation: "softmax" },
    ]);
  });

  test("an image's", () => {
    const input = kerasLayer("InputLayer", { batch_shape: [null, 8, 8, 1] });
    const conv = {
      filters: 4,
      kernel_size: [3, 3],
      padding: "same",
      activation: "relu",
      groups: 1,
    };
    const layers = [
      input,
      kerasLayer("Conv2D", conv),
      kerasLayer("MaxPooling2D", { pool_size: [2, 2], strides: [2, 2] }),
      kerasLayer("Flatten"),
      HEAD,
    ];
    const source = { class_name: "Sequential", config: { name: "s", layers } };
    expect(readJson(source).model.inputShape).toEqual([8, 8, 1]);
    expect(layersOf(source)).toEqual([
      { type: "conv2d", filters: 4, kernelSize: [3, 3], padding: "same", activation: "relu" },
      { type: "maxPooling2d", strides: [2, 2] },
      { type: "flatten" },
      { units: 3, activation: "softmax" },
    ]);
  });

  test("a Normalization in front is preprocessing", () => {
    const source = sequentialJson([kerasLayer("Normalization", { axis: [-1] }), HEAD]);
    const { preprocess, notes, model } = readJson(source);
    expect({ preprocess, layers: model.layers.length }).toEqual({
      preprocess: ["standardize"],
      layers: 1,
    });
    expect(notes).toEqual([
      'layer "normalization" (Normalization): becomes preprocess: [standardize], fitted on the training part of the data.',
    ]);
  });

  test.each<[string, object, string]>([
    [
      "unknown class",
      kerasLayer("Attention"),
      'layer "attention" (Attention) is of a class that a spec cannot say; it knows Dense,',
    ],
    [
      "own class",
      { ...kerasLayer("Dense", { units: 2 }), module: "my_layers" },
      "of a class that a spec cannot say",
    ],
    [
      "lambda",
      kerasLayer("Dense", {
        units: 2,
        activation: { class_name: "__lambda__", config: { code: "x" } },
      }),
      'layer "dense" (Dense) has the activation __lambda__',
    ],
    [
      "unknown activation",
      kerasLayer("Dense", { units: 2, activation: "relu6" }),
      "has the activation relu6",
    ],
    [
      "wrong type",
      kerasLayer("Dense", { units: "eight" }),
      'layer "dense" (Dense): units is "eight"; it must be a',
    ],
    ["nothing", kerasLayer("Dense"), "units is missing"],
    ["a rate above 1", kerasLayer("Dropout", { rate: 1.5 }), "rate is 1.5; it must be less than 1"],
    ["relu with a ceiling", kerasLayer("ReLU", { max_value: 6 }), "is a ReLU with a max_value"],
    [
      "channels first",
      kerasLayer("Conv2D", { filters: 2, kernel_size: 3, data_format: "channels_first" }),
      "takes channels first",
    ],
    [
      "a model inside",
      kerasLayer("Functional"),
      "(Functional) is of a class that a spec cannot say",
    ],
  ])("%s: the layer is named", (_, layer, message) => {
    expect(failure(sequentialJson([layer as never, HEAD]))).toContain(message);
  });

  test("constraints, frozen layers and half precision count for nothing, and that is said", () => {
    const config = {
      units: 2,
      kernel_constraint: { class_name: "MaxNorm", config: {} },
      trainable: false,
      dtype: { class_name: "DTypePolicy", config: { name: "mixed_float16" } },
      kernel_regularizer: { class_name: "OrthogonalRegularizer", config: {} },
      some_new_key: 1,
    };
    expect(readJson(sequentialJson([kerasLayer("Dense", config), HEAD])).notes).toEqual([
      'layer "dense" (Dense): its kernel constraint MaxNorm is left out.',
      'layer "dense" (Dense): is frozen in the file, and is trained here.',
      'layer "dense" (Dense): its kernel penalty OrthogonalRegularizer is left out: a spec knows L1 and L2.',
      'layer "dense" (Dense) is not of float32; everything is computed in it.',
    ]);
  });
});

describe("Functional", () => {
  const keras2 = (layer: object, ...names: string[]) => ({
    ...layer,
    inbound_nodes: names.length === 0 ? [] : [names.map((name) => [name, 0, 0, {}])],
  });
  const tensor = (name: string) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 4], dtype: "float32", keras_history: [name, 0, 0] },
  });
  const keras3 = (layer: object, ...names: string[]) => {
    const args = names.length === 1 ? [tensor(names[0])] : [names.map(tensor)];
    return { ...layer, inbound_nodes: names.length === 0 ? [] : [{ args, kwargs: {} }] };
  };
  const dense = (name: string, units = 8) => kerasLayer("Dense", { name, units });
  const input = kerasLayer("InputLayer", { batch_input_shape: [null, 4], name: "in" });
  const functional = (layers: object[]) => ({
    class_name: "Functional",
    config: { name: "f", layers },
  });

  test.each([
    ["Keras 2", keras2],
    ["Keras 3", keras3],
  ] as const)("%s: a chain with a residual connection, in any order", (_, node) => {
    const layers = [
      node(input),
      node(HEAD, "add"),
      node(dense("a"), "in"),
      node(kerasLayer("Add"), "b", "a"),
      node(dense("b"), "a"),
    ];
    const model = readJson(functional(layers));
    expect(model.inputShape).toEqual([4]);
    expect(model.model.layers).toMatchObject([
      { units: 8 },
      { units: 8 },
      { type: "add", from: 0 },
      { units: 3 },
    ]);
  });

  test.each<[string, object[], string]>([
    [
      "two inputs",
      [keras2(input), keras2({ ...input, config: { name: "in2" } }), keras2(HEAD, "in")],
      'layer "in2" (InputLayer) has no input and comes behind "in"',
    ],
    [
      "a branch",
      [keras2(input), keras2(dense("a"), "in"), keras2(dense("b"), "in"), keras2(HEAD, "b")],
      'layer "b" (Dense) takes "in" and comes behind "a"',
    ],
    [
      "a cycle",
      [keras2(input), keras2(dense("a"), "b"), keras2(dense("b"), "a")],
      "is fed by its own output",
    ],
    [
      "a layer that is not there",
      [keras2(input), keras2(HEAD, "x")],
      'is fed by "x", which is no layer',
    ],
    [
      "shared layers",
      [keras2(input), { ...dense("a"), inbound_nodes: [[["in", 0, 0]], [["in", 0, 0]]] }],
      "is used more than once",
    ],
    [
      "the inputs added",
      [
        keras2(input),
        keras2(dense("a", 4), "in"),
        keras2(kerasLayer("Add"), "a", "in"),
        keras2(HEAD, "add"),
      ],
      "adds the inputs themselves",
    ],
  ])("%s: the layer is named", (_, layers, message) => {
    expect(failure(functional(layers))).toContain(message);
  });
});

describe("compile", () => {
  const compiled = (config: object) =>
    readJson(sequentialJson([HEAD], { compile_config: config })).train;

  test.each<[string, unknown, unknown]>([
    ["a word", "mse", { name: "meanSquaredError" }],
    [
      "an object",
      {
        class_name: "BinaryCrossentropy",
        config: {
          from_logits: true,
          label_smoothing: 0.1,
          axis: -1,
          reduction: "sum_over_batch_size",
          name: "b",
        },
      },
      { name: "binaryCrossentropy", fromLogits: true, labelSmoothing: 0.1 },
    ],
    ["one of a list", ["hinge"], { name: "hinge" }],
    ["one of a mapping", { head: "mae" }, { name: "meanAbsoluteError" }],
    [
      "a function",
      { class_name: "function", config: "categorical_crossentropy" },
      { name: "categoricalCrossentropy" },
    ],
  ])("loss as %s", (_, loss, expected) => {
    expect(compiled({ loss }).loss).toEqual(expected);
  });

  const rate = (config: object, name = "Adam") =>
    compiled({ optimizer: { class_name: name, config } });

  test("optimizers with their settings", () => {
    const config = {
      name: "sgd",
      learning_rate: 0.10000000149011612,
      momentum: 0.8999999761581421,
      nesterov: true,
      weight_decay: null,
      clipnorm: 1,
      global_clipnorm: null,
      clipvalue: 0.5,
      use_ema: false,
    };
    expect(rate(config, "SGD")).toEqual({
      optimizer: { name: "sgd", momentum: 0.9, nesterov: true, clipNorm: 1, clipValue: 0.5 },
      learningRate: 0.1,
    });
    expect(rate({ lr: 0.5, epsilon: null }, "Custom>RMSprop")).toEqual({
      optimizer: { name: "rmsprop" },
      learningRate: 0.5,
    });
    expect(rate({ global_clipnorm: 2, weight_decay: 0.01 }, "AdamW")).toEqual({
      optimizer: { name: "adamw", weightDecay: 0.01, globalClipNorm: 2 },
    });
  });

  test.each<[string, object, unknown]>([
    [
      "ExponentialDecay",
      { initial_learning_rate: 0.1, decay_steps: 100, decay_rate: 0.5, staircase: true, name: "x" },
      { schedule: "exponential", initial: 0.1, decaySteps: 100, decayRate: 0.5, staircase: true },
    ],
    [
      "PiecewiseConstantDecay",
      { boundaries: [10], values: [0.1, 0.01] },
      { schedule: "piecewiseConstant", boundaries: [10], values: [0.1, 0.01] },
    ],
    [
      "PolynomialDecay",
      {
        initial_learning_rate: 0.1,
        decay_steps: 9,
        end_learning_rate: 0.01,
        power: 2,
        cycle: false,
      },
      { schedule: "polynomial", initial: 0.1, decaySteps: 9, end: 0.01, power: 2, cycle: false },
    ],
    [
      "CosineDecay",
      { initial_learning_rate: 0, decay_steps: 9, alpha: 0, warmup_target: 0.1, warmup_steps: 3 },
      {
        schedule: "cosine",
        initial: 0,
        decaySteps: 9,
        alpha: 0,
        warmupTarget: 0.1,
        warmupSteps: 3,
      },
    ],
    [
      "CosineDecayRestarts",
      { initial_learning_rate: 0.1, first_decay_steps: 9, t_mul: 2, m_mul: 1, alpha: 0 },
      { schedule: "cosineRestarts", initial: 0.1, firstDecaySteps: 9, tMul: 2, mMul: 1, alpha: 0 },
    ],
    [
      "InverseTimeDecay",
      { initial_learning_rate: 0.1, decay_steps: 1, decay_rate: 0.5, staircase: false },
      { schedule: "inverseTime", initial: 0.1, decaySteps: 1, decayRate: 0.5, staircase: false },
    ],
  ])("a schedule: %s", (name, config, expected) => {
    expect(rate({ learning_rate: { class_name: name, config } }).learningRate).toEqual(expected);
  });

  test("Keras 2's decay", () => {
    const { learningRate } = rate({ lr: 0.1, decay: 0.001 });
    expect(learningRate).toEqual({
      schedule: "inverseTime",
      initial: 0.1,
      decaySteps: 1,
      decayRate: 0.001,
    });
  });

  test.each<[string, object, string]>([
    ["a loss", { loss: "poisson" }, "its loss is poisson, which a spec cannot say"],
    [
      "an own loss",
      { loss: { class_name: "Hinge", module: "mine", config: {} } },
      "its loss is Hinge",
    ],
    ["an optimizer", { optimizer: { class_name: "Ftrl", config: {} } }, "its optimizer is Ftrl"],
    [
      "a schedule",
      {
        optimizer: {
          class_name: "Adam",
          config: { learning_rate: { class_name: "Mine", config: {} } },
        },
      },
      "its learning rate is Mine",
    ],
    [
      "a rate that is none",
      { optimizer: { class_name: "Adam", config: { beta_1: 2 } } },
      "beta_1 of adam is 2; it must be less than 1",
    ],
    [
      "a schedule without steps",
      {
        optimizer: {
          class_name: "Adam",
          config: { learning_rate: { class_name: "CosineDecay", config: {} } },
        },
      },
      "of cosine is missing",
    ],
  ])("%s that a spec cannot say is named", (_, config, message) => {
    expect(failure(sequentialJson([HEAD], { compile_config: config }))).toContain(message);
  });

  test("metrics that are not measured are named", () => {
    const config = { metrics: ["accuracy", { class_name: "AUC", config: {} }] };
    const { notes } = readJson(sequentialJson([HEAD], { compile_config: config }));
    expect(notes).toEqual(["its metrics AUC are left out: loss and accuracy are measured."]);
  });
});

describe("TensorFlow.js", () => {
  const weightsManifest = [
    {
      paths: ["group1-shard1of2.bin", "group1-shard2of2.bin"],
      weights: [
        { name: "head/kernel", shape: [4, 3], dtype: "float32" },
        {
          name: "head/bias",
          shape: [3],
          dtype: "float32",
          quantization: { scale: 0.5, min: -1, dtype: "uint8" },
        },
      ],
    },
  ];
  const source = {
    format: "layers-model",
    modelTopology: {
      class_name: "Sequential",
      config: {
        name: "s",
        layers: [
          kerasLayer("Dense", {
            name: "head",
            units: 3,
            activation: "softmax",
            batch_input_shape: [null, 4],
            kernel_initializer: {
              class_name: "VarianceScaling",
              config: { scale: 1, mode: "fan_avg", distribution: "uniform", seed: null },
            },
          }),
        ],
      },
      keras_version: "tfjs-layers 4.22.0",
    },
    weightsManifest,
    trainingConfig: {
      loss: "categorical_crossentropy",
      metrics: ["acc"],
      optimizer_config: { class_name: "Adam", config: { learning_rate: 0.01, beta1: 0.8 } },
    },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(source));
  const kernel = Float32Array.from({ length: 12 }, (_, i) => i / 8);
  const whole = new Uint8Array([...new Uint8Array(kernel.buffer), 0, 2, 4]);
  const parts: Record<string, Uint8Array> = {
    "group1-shard1of2.bin": whole.subarray(0, 10),
    "group1-shard2of2.bin": whole.subarray(10),
  };

  test("model.json with its weights, in parts and as whole numbers", () => {
    const model = readModel("model.json", bytes, { sibling: (name) => parts[name] });
    expect(model).toMatchObject({
      format: "tfjs",
      inputShape: [4],
      train: {
        loss: { name: "categoricalCrossentropy" },
        optimizer: { name: "adam", beta1: 0.8 },
        learningRate: 0.01,
      },
      model: { layers: [{ units: 3, kernelInitializer: "glorotUniform" }] },
    });
    expect(model.weights).toEqual([
      {
        type: "dense",
        tensors: [
          { shape: [4, 3], values: kernel },
          { shape: [3], values: new Float32Array([-1, 0, 1]) },
        ],
      },
    ]);
  });

  test("weights that are not there, are cut off, or lie elsewhere", () => {
    const read = (sibling: (name: string) => Uint8Array | undefined) => () =>
      readModel("model.json", bytes, { sibling });
    expect(read(() => undefined)).toThrow("there is no such file beside it");
    expect(read((name) => parts[name].subarray(1))).toThrow("end at 49 bytes");
    for (const path of ["../secret.bin", "/etc/passwd", "https://host/w.bin", "C:\\w.bin"]) {
      const elsewhere = { ...source, weightsManifest: [{ paths: [path], weights: [] }] };
      const text = new TextEncoder().encode(JSON.stringify(elsewhere));
      expect(() => readModel("model.json", text, { sibling: () => whole })).toThrow(
        "not read from elsewhere",
      );
    }
  });

  test("a graph has no layers", () => {
    const graph = { format: "graph-model", modelTopology: { node: [] } };
    expect(failure(graph)).toContain("graph of operations");
  });
});
