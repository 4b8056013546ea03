// A spec's network as Keras 3 Python that runs as it stands: the data is read and split as here, what
// is fitted is fitted on the training part, and the network, its compilation and its training follow.

import { isWeightedSource } from "../compile/compile.ts";
import { headOf } from "../spec/head.ts";
import {
  LOSS_CLASSES,
  OPTIMIZER_CLASSES,
  pythonName,
  pythonWord,
  SCHEDULE_CLASSES,
} from "../spec/keras-names.ts";
import { optimizerSchema } from "../spec/optimizers.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import type { DataSpec, SpecInput, TrainSpec, Variant } from "../spec/spec.ts";
import { dataCode } from "./keras-data-code.ts";
import { layerCode } from "./keras-layer-code.ts";
import { splitterCode, splitterName } from "./keras-split-code.ts";
import { oversampleCode, preprocessCode, stepImports } from "./keras-steps-code.ts";
import { Code, call, printed, python, statement, tuple } from "./python-text.ts";

/** Of a spec with one variant. */
export function kerasCode(spec: SpecInput): string {
  const [variant] = resolveVariants(parseSpec(spec, { allowUntrainable: true }));
  const { data, train } = variant;
  const isOneCycle =
    typeof train.learningRate === "object" && train.learningRate.schedule === "oneCycle";
  const blocks = [
    HEADER,
    imports(data, train),
    "keras.utils.set_random_seed(0)",
    dataCode(data),
    splitCode(data),
    preprocessCode(data),
    oversampleCode(data),
    targetCode(variant),
    modelCode(variant),
    weightsCode(variant),
    isOneCycle ? ONE_CYCLE : "",
    compileCode(variant),
    fitCode(variant),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

const HEADER =
  "# pip install keras pandas scikit-learn, and a backend of Keras: tensorflow, jax or torch";

function imports(data: DataSpec, train: TrainSpec): string {
  const wanted = [
    ...stepImports(data),
    ...(data.split === undefined
      ? []
      : [{ from: "sklearn.model_selection", name: splitterName(data.split, data.source) }]),
    ...(train.classWeight === "balanced"
      ? [{ from: "sklearn.utils.class_weight", name: "compute_class_weight" }]
      : []),
  ];
  const modules = [...new Set(wanted.map(({ from }) => from))].sort();
  const lines = modules.map((module) => {
    const names = wanted.filter(({ from }) => from === module).map(({ name }) => name);
    return `from ${module} import ${[...new Set(names)].sort().join(", ")}`;
  });
  return [
    "import keras",
    "import numpy as np",
    "import pandas as pd",
    "from keras import layers",
    ...lines,
  ].join("\n");
}

function splitCode({ split, source }: DataSpec): string {
  const isWeighted = isWeightedSource(source);
  const names = ["x", "y", ...(isWeighted ? ["weight"] : [])];
  const splitter = split === undefined ? undefined : splitterCode(split, source);
  if (splitter !== undefined) {
    return [
      `train, test = ${splitter}`,
      ...names.map((name) => `${name}_train, ${name}_test = ${name}[train], ${name}[test]`),
    ].join("\n");
  }
  if (split === undefined) return names.map((name) => `${name}_train = ${name}`).join("\n");
  const parts = names.flatMap((name) => [`${name}_train`, `${name}_test`]).join(", ");
  const { testSize, randomState, stratify, shuffle = true } = split;
  return statement(
    `${parts} = train_test_split`,
    names.map((name) => new Code(name)),
    {
      test_size: testSize,
      ...(shuffle ? { random_state: randomState } : { shuffle }),
      stratify: stratify ? new Code("y") : undefined,
    },
  );
}

/** Rows and labels in the form that the network and its loss take. */
function targetCode({ data, model, train }: Variant): string {
  const { units } = headOf(model).layer;
  const parts = data.split === undefined ? ["train"] : ["train", "test"];
  return parts
    .flatMap((part) => [
      ...(model.inputShape === undefined
        ? []
        : [`x_${part} = x_${part}.reshape(${[-1, ...model.inputShape].join(", ")})`]),
      ...(train.loss.name === "sparseCategoricalCrossentropy" || units === 1
        ? []
        : [`y_${part} = keras.utils.to_categorical(y_${part}, num_classes=${units})`]),
    ])
    .join("\n");
}

function modelCode({ model }: Variant): string {
  if (!model.layers.some((layer) => layer.type === "add")) {
    return [
      "model = keras.Sequential(",
      "    [",
      "        keras.Input(shape=x_train.shape[1:]),",
      ...model.layers.flatMap(layerCode).map((layer) => `${printed(layer, "        ")},`),
      "    ]",
      ")",
    ].join("\n");
  }
  const lines = ["inputs = keras.Input(shape=x_train.shape[1:])", "outputs = []", "x = inputs"];
  for (const layer of model.layers) {
    const steps =
      layer.type === "add"
        ? [`layers.Add()([x, outputs[${layer.from}]])`]
        : layerCode(layer).map((code) => `${printed(code)}(x)`);
    lines.push(...steps.map((code) => `x = ${code}`), "outputs.append(x)");
  }
  return [...lines, "model = keras.Model(inputs, x)"].join("\n");
}

/** Keras reads weights from its own files. */
function weightsCode({ model: { initialWeights } }: Variant): string {
  if (initialWeights === undefined) return "";
  const { path, skipMismatch } = initialWeights;
  if (!/\.(keras|h5)$/i.test(path)) {
    return `# The network starts from the weights in ${python(path)}, which Keras does not read.`;
  }
  const settings = { skip_mismatch: skipMismatch || undefined };
  return statement("model.load_weights", [path], settings);
}

function compileCode({ train }: Variant): string {
  return statement("model.compile", [], {
    optimizer: optimizerCode(train),
    loss: lossCode(train.loss),
    metrics: ["accuracy"],
  });
}

function optimizerCode({ optimizer, learningRate }: Variant["train"]): Code {
  const usual: Readonly<Record<string, unknown>> = optimizerSchema.parse(optimizer.name);
  const changed = Object.entries(optimizer).filter(([key, value]) => value !== usual[key]);
  return call(`keras.optimizers.${OPTIMIZER_CLASSES[optimizer.name]}`, [], {
    learning_rate: rateCode(learningRate),
    ...Object.fromEntries(changed.map(([key, value]) => [pythonName(key), value])),
  });
}

function rateCode(rate: Variant["train"]["learningRate"]): unknown {
  if (typeof rate === "number") return rate;
  const { schedule, ...settings } = rate;
  if (schedule === "oneCycle") {
    const { peak, totalSteps, upShare, initialDivisor, finalDivisor } = rate;
    return call("OneCycle", [peak, totalSteps, upShare, initialDivisor, finalDivisor]);
  }
  const named = Object.entries(settings).map(([key, value]) => [pythonName(key), value]);
  return call(
    `keras.optimizers.schedules.${SCHEDULE_CLASSES[schedule]}`,
    [],
    Object.fromEntries(named),
  );
}

const ONE_CYCLE = `class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up by a cosine to the peak, then down to almost nothing."""

    def __init__(self, peak, steps, up, first, last):
        self.peak, self.steps, self.up, self.first, self.last = peak, steps, up, first, last

    def __call__(self, step):
        ops = keras.ops
        start = self.peak / self.first
        end = start / self.last
        turn = self.up * self.steps - 1
        step = ops.cast(step, "float32")
        rise = ops.clip(step / turn, 0, 1)
        fall = ops.clip((step - turn) / (self.steps - 1 - turn), 0, 1)
        up = start + (self.peak - start) * (1 - ops.cos(np.pi * rise)) / 2
        down = end + (self.peak - end) * (1 + ops.cos(np.pi * fall)) / 2
        return ops.where(step <= turn, up, down)`;

function lossCode({ name, ...settings }: TrainSpec["loss"]): unknown {
  const { fromLogits, labelSmoothing, gamma, alpha, applyClassBalancing } = settings;
  const isFocal = name.endsWith("FocalCrossentropy");
  const named = {
    from_logits: fromLogits || undefined,
    label_smoothing: labelSmoothing || undefined,
    gamma: isFocal && gamma !== 2 ? gamma : undefined,
    alpha: isFocal && alpha !== 0.25 ? alpha : undefined,
    apply_class_balancing: applyClassBalancing || undefined,
  };
  const isUsual = Object.values(named).every((value) => value === undefined);
  if (isUsual) return pythonWord(name);
  return call(`keras.losses.${LOSS_CLASSES[name]}`, [], named);
}

function fitCode({ data, train }: Variant): string {
  const isWeighted = isWeightedSource(data.source);
  const { classWeight } = train;
  const test = ["x_test", "y_test", ...(isWeighted ? ["weight_test"] : [])];
  const fit = statement("history = model.fit", [new Code("x_train"), new Code("y_train")], {
    epochs: train.epochs,
    batch_size: train.batchSize,
    shuffle: train.shuffle ? undefined : false,
    validation_data:
      data.split === undefined ? undefined : tuple(test.map((name) => new Code(name))),
    class_weight: classWeight === undefined ? undefined : new Code("class_weight"),
    sample_weight: isWeighted ? new Code("weight_train") : undefined,
    callbacks: callbacks(train),
    verbose: 2,
  });
  const weights =
    classWeight === undefined
      ? []
      : classWeight === "balanced"
        ? BALANCED_WEIGHTS
        : [
            `weights = ${python(classWeight)}`,
            "class_weight = {i: weights.get(str(name), 1.0) for i, name in enumerate(classes)}",
          ];

  const evaluate =
    data.split === undefined ? [] : ["print(model.evaluate(x_test, y_test, return_dict=True))"];
  return [...weights, fit, ...evaluate].join("\n");
}

/** Of the class numbers, before they become columns of an output each. */
const BALANCED_WEIGHTS = [
  "numbers = y_train if y_train.ndim == 1 else y_train.argmax(axis=1)",
  "found = np.unique(numbers)",
  'weights = compute_class_weight("balanced", classes=found, y=numbers)',
  "class_weight = dict(zip(found.tolist(), weights.tolist()))",
];

function callbacks({ earlyStopping, reduceOnPlateau }: TrainSpec): Code[] | undefined {
  const list = [
    ...(reduceOnPlateau ? [callback("ReduceLROnPlateau", reduceOnPlateau)] : []),
    ...(earlyStopping ? [callback("EarlyStopping", earlyStopping)] : []),
  ];
  return list.length === 0 ? undefined : list;
}

function callback(name: string, settings: object): Code {
  const named = Object.entries(settings).map(([key, value]) => [
    pythonName(key),
    typeof value === "string" ? pythonWord(value) : value,
  ]);
  return call(`keras.callbacks.${name}`, [], Object.fromEntries(named));
}
