/// <reference types="node" />
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { diagnosedSpec } from "../../test/diagnosis-report.ts";
import { INITIALIZERS } from "../spec/initializers.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import { OPTIMIZERS } from "../spec/optimizers.ts";
import { LOSSES, type SpecInput } from "../spec/spec.ts";
import { ACTIVATIONS } from "../spec/words.ts";
import { kerasCode } from "./keras-code.ts";

function specWith(patch: object): SpecInput {
  return mergePatch(diagnosedSpec, patch) as SpecInput;
}

test("a table, a split, a scaler that is fitted on the training part, a network", () => {
  const code = kerasCode(specWith({ data: { preprocess: ["imputeMedian", "standardize"] } }));
  expect(code).toMatchInlineSnapshot(`
    "# pip install keras pandas scikit-learn, and a backend of Keras: tensorflow, jax or torch

    import keras
    import numpy as np
    import pandas as pd
    from keras import layers
    from sklearn.impute import SimpleImputer
    from sklearn.model_selection import train_test_split
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    keras.utils.set_random_seed(0)

    table = pd.read_csv("wine.csv", na_values=["?"], skipinitialspace=True)
    target = "class"
    table = table.dropna(subset=[target])
    labels = table.pop(target).to_numpy()
    table = table.drop(columns=["ash"])
    x = table.to_numpy(dtype="float64")
    classes, y = np.unique(labels, return_inverse=True)

    x_train, x_test, y_train, y_test = train_test_split(
        x,
        y,
        test_size=0.2,
        random_state=42,
        stratify=y,
    )

    steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    x_train = steps.fit_transform(x_train)
    x_test = steps.transform(x_test)

    model = keras.Sequential(
        [
            keras.Input(shape=x_train.shape[1:]),
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )

    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )

    history = model.fit(
        x_train,
        y_train,
        epochs=100,
        batch_size=32,
        validation_data=(x_test, y_test),
        verbose=2,
    )
    print(model.evaluate(x_test, y_test, return_dict=True))
    "
  `);
});

test("categories, separators, dropped and chosen columns of a table", () => {
  const source = {
    path: 'a "b".tsv',
    target: "class",
    features: ["colour", "grade", "x"],
    categorical: { colour: "oneHot", grade: "ordinal" },
    separator: "\t",
    decimal: ",",
  };
  const spec = specWith({ data: { source, drop: ["proline"], missingValues: [-999] } });
  expect(kerasCode(spec)).toMatchInlineSnapshot(`
    "# pip install keras pandas scikit-learn, and a backend of Keras: tensorflow, jax or torch

    import keras
    import numpy as np
    import pandas as pd
    from keras import layers
    from sklearn.model_selection import train_test_split

    keras.utils.set_random_seed(0)

    table = pd.read_csv(
        "a \\"b\\".tsv",
        sep="\\t",
        decimal=",",
        na_values=["?"],
        dtype={"colour": str, "grade": str},
        skipinitialspace=True,
    )
    target = "class"
    table = table.dropna(subset=[target])
    labels = table.pop(target).to_numpy()
    table = table[["colour", "grade", "x"]]
    table = table.drop(columns=["ash"])
    table["grade"] = table["grade"].astype("category").cat.codes.where(table["grade"].notna())


    def one_hot(column):
        """A 0/1 column for every value but the first; a missing value stays missing."""
        codes = pd.get_dummies(
            column, prefix=column.name, prefix_sep="=", drop_first=True, dtype=float
        )
        codes.loc[column.isna()] = np.nan
        return codes


    categories = ["colour"]
    parts = [one_hot(table[c]) if c in categories else table[[c]] for c in table.columns]
    table = pd.concat(parts, axis=1)
    table = table.drop(columns=["proline"])
    x = table.to_numpy(dtype="float64")
    x = np.where(np.isin(x, [-999]), np.nan, x)
    classes, y = np.unique(labels, return_inverse=True)

    x_train, x_test, y_train, y_test = train_test_split(
        x,
        y,
        test_size=0.2,
        random_state=42,
        stratify=y,
    )

    model = keras.Sequential(
        [
            keras.Input(shape=x_train.shape[1:]),
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )

    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )

    history = model.fit(
        x_train,
        y_train,
        epochs=100,
        batch_size=32,
        validation_data=(x_test, y_test),
        verbose=2,
    )
    print(model.evaluate(x_test, y_test, return_dict=True))
    "
  `);
});

test("what Keras spells otherwise", () => {
  const spec = specWith({
    data: {
      source: {
        kind: "numpy",
        features: { rand: [100, 4] },
        labels: { randint: { low: 0, high: 3, size: 100 } },
      },
      split: undefined,
      drop: ["x2"],
    },
    model: {
      layers: [
        { type: "gaussianNoise", stddev: 0.1 },
        { units: 8, activation: "leakyReLU", kernelInitializer: { name: "heNormal" } },
        { type: "batchNormalization", momentum: 0.9 },
        {
          units: 8,
          activation: "geluTanh",
          kernelRegularizer: { l2: 0.01 },
          activityRegularizer: { l1: 0.001 },
          biasInitializer: { name: "constant", value: 0.1 },
        },
        { type: "add", from: 1 },
        { type: "dropout", rate: 0.25 },
        { units: 3, activation: "softmax", useBias: false },
      ],
    },
    train: {
      loss: { name: "categoricalCrossentropy", labelSmoothing: 0.1 },
      optimizer: { name: "sgd", momentum: 0.9, nesterov: true, clipNorm: 1 },
      learningRate: { schedule: "cosine", initial: 0.1, decaySteps: 100, warmupTarget: 0.2 },
      classWeight: { "0": 1, "1": 2.5 },
      earlyStopping: { monitor: "loss", patience: 5, restoreBest: true },
      reduceOnPlateau: { factor: 0.5 },
      shuffle: false,
    },
  });
  expect(kerasCode(spec)).toMatchInlineSnapshot(`
    "# pip install keras pandas scikit-learn, and a backend of Keras: tensorflow, jax or torch

    import keras
    import numpy as np
    import pandas as pd
    from keras import layers
    from sklearn.model_selection import train_test_split

    keras.utils.set_random_seed(0)

    random = np.random.RandomState(42)
    x = random.rand(100, 4)
    labels = random.randint(0, 3, size=100)
    x = np.delete(x, [2], axis=1)
    classes, y = np.unique(labels, return_inverse=True)

    x_train, x_test, y_train, y_test = train_test_split(
        x,
        y,
        test_size=0.2,
        random_state=42,
        stratify=y,
    )

    y_train = keras.utils.to_categorical(y_train, num_classes=3)
    y_test = keras.utils.to_categorical(y_test, num_classes=3)

    inputs = keras.Input(shape=x_train.shape[1:])
    outputs = []
    x = inputs
    x = layers.GaussianNoise(0.1)(x)
    outputs.append(x)
    x = layers.Dense(8, kernel_initializer=keras.initializers.HeNormal())(x)
    x = layers.LeakyReLU(negative_slope=0.3)(x)
    outputs.append(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    outputs.append(x)
    x = layers.Dense(
        8,
        kernel_regularizer=keras.regularizers.L2(0.01),
        bias_initializer=keras.initializers.Constant(value=0.1),
    )(x)
    x = layers.Activation(lambda x: keras.activations.gelu(x, approximate=True))(x)
    x = layers.ActivityRegularization(l1=0.001, l2=0)(x)
    outputs.append(x)
    x = layers.Add()([x, outputs[1]])
    outputs.append(x)
    x = layers.Dropout(0.25)(x)
    outputs.append(x)
    x = layers.Dense(3, activation="softmax", use_bias=False)(x)
    outputs.append(x)
    model = keras.Model(inputs, x)

    model.compile(
        optimizer=keras.optimizers.SGD(
            learning_rate=keras.optimizers.schedules.CosineDecay(
                initial_learning_rate=0.1,
                decay_steps=100,
                alpha=0,
                warmup_target=0.2,
                warmup_steps=0,
            ),
            momentum=0.9,
            nesterov=True,
            clipnorm=1,
        ),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy"],
    )

    weights = {"0": 1, "1": 2.5}
    class_weight = {i: weights.get(str(name), 1.0) for i, name in enumerate(classes)}
    history = model.fit(
        x_train,
        y_train,
        epochs=100,
        batch_size=32,
        shuffle=False,
        validation_data=(x_test, y_test),
        class_weight=class_weight,
        callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=10, min_delta=0.0001, cooldown=0, min_lr=0), keras.callbacks.EarlyStopping(monitor="loss", patience=5, min_delta=0, restore_best_weights=True)],
        verbose=2,
    )
    print(model.evaluate(x_test, y_test, return_dict=True))
    "
  `);
});

describe.skipIf(spawnSync("python3", ["--version"]).status !== 0)("Python parses it", () => {
  const layered = (layers: object[], rest: object = {}) => specWith({ model: { layers }, ...rest });
  const head = { units: 2, activation: "softmax" };
  const sparse = { train: { loss: "sparseCategoricalCrossentropy" } };
  const image = { model: { inputShape: [2, 1, 1] } };
  const specs: Record<string, SpecInput[]> = {
    activations: ACTIVATIONS.map((activation) => layered([{ units: 4, activation }, head], sparse)),
    initializers: INITIALIZERS.map((kernelInitializer) =>
      layered([{ units: 4, kernelInitializer }, head], sparse),
    ),
    optimizers: OPTIMIZERS.map((name) =>
      specWith({ train: { optimizer: { name, clipValue: 1 } } }),
    ),
    losses: LOSSES.map((loss) => layered([head], { train: { loss } })),
    schedules: [
      { schedule: "piecewiseConstant", boundaries: [5], values: [0.1, 0.01] },
      { schedule: "oneCycle", peak: 0.1, totalSteps: 100 },
      { schedule: "cosineRestarts", initial: 0.1, firstDecaySteps: 10 },
    ].map((learningRate) => specWith({ train: { learningRate } })),
    layers: [
      layered(
        [
          { type: "conv2d", filters: 4, kernelSize: [1, 1], padding: "same" },
          { type: "maxPooling2d", poolSize: 1 },
          { type: "flatten" },
          { units: 1, activation: "sigmoid" },
        ],
        image,
      ),
      layered(
        [
          { type: "gru", units: 3 },
          { units: 1, activation: "sigmoid" },
        ],
        {
          model: { inputShape: [2, 1] },
        },
      ),
    ].map(
      (spec, i) =>
        mergePatch(spec, i === 0 ? image : { model: { inputShape: [2, 1] } }) as SpecInput,
    ),
    hostile: [
      specWith({
        data: {
          source: {
            path: '"); import os; os.system("true") #\n',
            target: 'x"\ny',
            drop: ["'''", '"""', "\ud800"],
            categorical: { "#\n": "ordinal", '\\"': "oneHot" },
          },
        },
      }),
      specWith({
        data: {
          source: {
            kind: "inline",
            rows: [
              [1, null],
              [2, Number.NaN],
            ],
            labels: ["\u202e\u0000😀", "\\"],
            columns: ["a\nimport os", "b\r#"],
          },
        },
      }),
    ],
  };
  test.each(Object.entries(specs))("%s", (_, list) => {
    const parse = "import ast, json, sys\nfor code in json.load(sys.stdin): ast.parse(code)";
    const input = JSON.stringify(list.map(kerasCode));
    const { status, stderr } = spawnSync("python3", ["-c", parse], { input, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});

test.each<[unknown, string]>([
  ["m.keras", 'model.load_weights("m.keras")'],
  [{ path: "m.h5", skipMismatch: true }, 'model.load_weights("m.h5", skip_mismatch=True)'],
  [
    "model.json",
    '# The network starts from the weights in "model.json", which Keras does not read.',
  ],
])("initial weights %j", (initialWeights, expected) => {
  expect(kerasCode(specWith({ model: { initialWeights } }))).toContain(
    `)\n\n${expected}\n\nmodel.compile`,
  );
});
