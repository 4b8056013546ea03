// What the article says, in our words, and the experiments that test it. Its own three experiments
// stand in examples/; the others ask the same on data in which there is something to learn.

import { type CauseId, caseSpec, catalogueCases, type SpecInput } from "@convergence-lab/core";
import { parse } from "yaml";
import { readText } from "../repository.ts";
import { type FixtureTables, inlineSource } from "./fixture-tables.ts";

export interface Statement {
  /** Of the page's section, and of links to it. */
  readonly id: string;
  readonly title: string;
  /** What is said. */
  readonly says: string;
  readonly causes: readonly CauseId[];
  readonly experiments: readonly Experiment[];
}

export interface Experiment {
  readonly id: string;
  /** What is trained, and why it is a test. */
  readonly about: string;
  readonly source: SpecInput;
  readonly shows: readonly Metric[];
  /** Whether it is in question that the features tell the labels at all. */
  readonly asksSignal?: true;
}

type Metric = "loss" | "accuracy" | "valLoss" | "valAccuracy";

/** In the order of the page: the article's experiments, then the rest of its advice. */
export function articleStatements(tables: FixtureTables): readonly Statement[] {
  return [
    scales(tables),
    sizes(),
    rates(tables),
    missing(tables),
    correlated(tables),
    littleData(tables),
    dyingUnits(),
    optimizers(tables),
    regularization(tables),
    crossValidation(tables),
  ];
}

const OVER_SEEDS = { training: 20, data: 20 };
const HOLD_OUT = { testSize: 0.3 };

function scales({ wine }: FixtureTables): Statement {
  return {
    id: "scales",
    title: "Scale the features",
    says: "A feature in the thousands beside one in the hundredths keeps the loss from coming down; normalized features let it.",
    causes: ["unscaled-features"],
    experiments: [
      {
        id: "article-1",
        about:
          "The article's own five rows and two features, all five of them for training, once as they are and once standardized.",
        source: example("article-1"),
        shows: ["loss"],
      },
      {
        id: "wine-scales",
        about:
          "The same question where new rows can answer it: 178 wines, 13 measurements from tenths to over a thousand, three cultivars.",
        source: {
          name: "wine-scales",
          title: "Raw against standardized measurements",
          data: { source: inlineSource(wine), split: HOLD_OUT },
          model: classifier(3, [16]),
          train: training(3, { epochs: 60, learningRate: 0.01 }),
          seeds: OVER_SEEDS,
          variants: {
            raw: {},
            standardized: { data: { preprocess: ["standardize"] } },
          },
          claims: [
            {
              text: "standardized features give a lower validation loss",
              expect: [{ metric: "valLoss", variant: "standardized", is: "lower", than: "raw" }],
            },
          ],
        },
        shows: ["loss", "valLoss"],
      },
    ],
  };
}

function sizes(): Statement {
  const [written] = catalogueCases().filter(({ id }) => id === "case-24-two-spirals");
  const { data } = caseSpec(written, {}) as SpecInput;
  const asked = example("article-2");
  return {
    id: "sizes",
    title: "Fit the size of the network to the task",
    says: "A network that is too small cannot express the rule, one that is too large learns its rows by heart, and one in between does best on new rows.",
    causes: ["too-small-network", "too-large-network", "overfitting"],
    experiments: [
      {
        id: "article-2",
        about:
          "The article's own data, which is random numbers with a coin's flips as labels: 1,000 rows, 20 features. Whatever the sizes do here, they do it to noise.",
        source: asked,
        shows: ["loss", "valLoss"],
        asksSignal: true,
      },
      {
        id: "spiral-sizes",
        about:
          "The same three networks and the same two claims on two spirals, which can be learned.",
        source: {
          ...asked,
          name: "spiral-sizes",
          title: "Three sizes on two spirals",
          data: { source: data.source, split: HOLD_OUT },
          train: { ...asked.train, epochs: 100 },
        },
        shows: ["loss", "valLoss"],
        asksSignal: true,
      },
    ],
  };
}

function rates({ "breast-cancer": cells }: FixtureTables): Statement {
  const asked = example("article-3");
  return {
    id: "rates",
    title: "Choose the learning rate with care",
    says: "At 0.1 the loss jumps about or leaves, at 0.0001 it creeps, and 0.001 is the best of the three.",
    causes: ["learning-rate-too-high", "learning-rate-too-low"],
    experiments: [
      {
        id: "article-3",
        about:
          "The article's own data: 1,000 rows of 10 random features, and again a coin's flips.",
        source: asked,
        shows: ["loss", "valLoss"],
        asksSignal: true,
      },
      {
        id: "cells-rates",
        about:
          "The same three rates and the same claims on 569 biopsies of breast tissue, 30 measurements each, standardized.",
        source: {
          ...asked,
          name: "cells-rates",
          title: "Three learning rates on biopsies",
          data: {
            source: inlineSource(cells),
            split: HOLD_OUT,
            preprocess: ["standardize"],
          },
        },
        shows: ["loss", "valLoss"],
        asksSignal: true,
      },
    ],
  };
}

function missing({ "pima-diabetes": diabetes }: FixtureTables): Statement {
  return {
    id: "missing-values",
    title: "Fill in what is missing",
    says: "Cells without a value have to be dealt with before the network sees them.",
    causes: ["missing-values"],
    experiments: [
      {
        id: "diabetes-missing",
        about:
          "768 women, 8 measurements of which some were not taken, and whether they have diabetes. Once with the gaps, once with each column's median in their place.",
        source: {
          name: "diabetes-missing",
          title: "Gaps against medians",
          data: {
            source: inlineSource(diabetes),
            split: HOLD_OUT,
            preprocess: ["standardize"],
          },
          model: classifier(2, [16]),
          train: training(2, { epochs: 30 }),
          seeds: OVER_SEEDS,
          variants: {
            gaps: {},
            medians: { data: { preprocess: ["imputeMedian", "standardize"] } },
          },
          claims: [
            {
              text: "with gaps the loss is no number",
              expect: [{ variant: "gaps", behaves: ["diverges"], inMoreThan: 0.5 }],
            },
            {
              text: "with medians the network converges",
              expect: [{ variant: "medians", behaves: ["converges"], inMoreThan: 0.5 }],
            },
          ],
        },
        shows: ["loss", "valLoss"],
      },
    ],
  };
}

function correlated({ wine }: FixtureTables): Statement {
  const copies = wine.columns.flatMap((name) => [`${name}_again`, `${name}_once_more`]);
  const source = inlineSource({
    ...wine,
    columns: [...wine.columns, ...copies],
    rows: wine.rows.map((row) => [...row, ...row.flatMap((cell) => [cell, cell])]),
  });
  return {
    id: "correlated-features",
    title: "Drop features that repeat others",
    says: "Strongly correlated features say one thing several times and make training harder.",
    causes: ["correlated-features"],
    experiments: [
      {
        id: "wine-copies",
        about:
          "The wines with every measurement three times over, which is as correlated as columns can be, and with each once.",
        source: {
          name: "wine-copies",
          title: "Measurements three times against once",
          data: { source, split: HOLD_OUT, preprocess: ["standardize"] },
          model: classifier(3, [16]),
          train: training(3, { epochs: 60 }),
          seeds: OVER_SEEDS,
          variants: { copies: {}, once: { data: { drop: copies } } },
          claims: [
            {
              text: "copies of columns make the training loss higher",
              expect: [{ metric: "loss", variant: "copies", is: "higher", than: "once" }],
            },
            {
              text: "copies of columns make the validation loss higher",
              expect: [{ metric: "valLoss", variant: "copies", is: "higher", than: "once" }],
            },
          ],
        },
        shows: ["loss", "valLoss"],
      },
    ],
  };
}

function littleData({ wine }: FixtureTables): Statement {
  return {
    id: "little-data",
    title: "Have enough rows",
    says: "With too few rows a network learns them and not the rule behind them.",
    causes: ["too-little-data", "overfitting"],
    experiments: [
      {
        id: "wine-rows",
        about:
          "The wines, 12 of them to learn from and the rest to be judged on, against 124 and 54. Of 12 rows every batch is one row, so that both make about as many steps.",
        source: {
          name: "wine-rows",
          title: "12 rows against 124",
          data: { source: inlineSource(wine), split: HOLD_OUT, preprocess: ["standardize"] },
          model: classifier(3, [16]),
          train: training(3, { epochs: 100, batchSize: 12 }),
          seeds: OVER_SEEDS,
          variants: {
            few: {
              data: { split: { testSize: wine.rows.length - 12 } },
              train: { batchSize: 1 },
            },
            many: {},
          },
          claims: [
            {
              text: "with few rows the validation loss is higher after as many steps",
              expect: [{ metric: "valLoss", variant: "few", is: "higher", than: "many" }],
            },
          ],
        },
        shows: ["loss", "valLoss"],
      },
    ],
  };
}

function dyingUnits(): Statement {
  const [written] = catalogueCases().filter(({ id }) => id === "case-29-some-seeds-dead");
  const { data, train } = caseSpec(written, {}) as SpecInput;
  const narrow = (activation: string) => ({
    layers: [...Array.from({ length: 5 }, () => ({ units: 3, activation })), head(2)],
  });
  return {
    id: "dying-relu",
    title: "Choose the activation",
    says: "ReLU units can die and never come back; an activation that lets a little through on the negative side keeps them alive.",
    causes: ["dead-units", "hidden-activation"],
    experiments: [
      {
        id: "narrow-relu",
        about:
          "The exclusive or of two signs, and five narrow layers: few units, so that a few dead ones cut the network.",
        source: {
          name: "narrow-relu",
          title: "ReLU against leaky ReLU in narrow layers",
          data,
          model: narrow("relu"),
          train,
          seeds: { training: 40 },
          variants: { relu: {}, leaky: { model: narrow("leakyReLU") } },
          claims: [
            {
              text: "leaky units give a higher validation accuracy",
              expect: [{ metric: "valAccuracy", variant: "leaky", is: "higher", than: "relu" }],
            },
          ],
        } as SpecInput,
        shows: ["loss", "valAccuracy"],
      },
    ],
  };
}

function optimizers({ "breast-cancer": cells }: FixtureTables): Statement {
  return {
    id: "optimizers",
    title: "Choose the optimizer",
    says: "Adam, SGD with momentum and RMSprop do not get equally far; Adam is the one to start with.",
    causes: ["optimizer"],
    experiments: [
      {
        id: "cells-optimizers",
        about: "The biopsies, each optimizer with Keras's settings, SGD with a momentum of 0.9.",
        source: {
          name: "cells-optimizers",
          title: "Three optimizers on biopsies",
          data: { source: inlineSource(cells), split: HOLD_OUT, preprocess: ["standardize"] },
          model: classifier(2, [32]),
          train: training(2, { epochs: 50 }),
          seeds: OVER_SEEDS,
          variants: {
            adam: {},
            momentum: {
              train: { optimizer: { name: "sgd", momentum: 0.9 }, learningRate: 0.01 },
            },
            rmsprop: { train: { optimizer: "rmsprop" } },
          },
          claims: [
            {
              text: "Adam has the lowest training loss",
              expect: [{ metric: "loss", variant: "adam", is: "lower", than: "others" }],
            },
            {
              text: "Adam has the lowest validation loss",
              expect: [{ metric: "valLoss", variant: "adam", is: "lower", than: "others" }],
            },
          ],
        },
        shows: ["loss", "valLoss"],
      },
    ],
  };
}

function regularization({ "pima-diabetes": diabetes }: FixtureTables): Statement {
  const base = classifier(2, [64, 64]);
  const dropped = base.layers.flatMap((layer, i) =>
    i < base.layers.length - 1 ? [layer, { type: "dropout" as const, rate: 0.5 }] : [layer],
  );
  const penalized = base.layers.map((layer) => ({ ...layer, kernelRegularizer: { l2: 0.01 } }));
  return {
    id: "regularization",
    title: "Regularize against overfitting",
    says: "Weight decay, an L2 penalty, dropout and early stopping each keep a network from learning its rows by heart.",
    causes: ["overfitting", "too-much-regularization"],
    experiments: [
      {
        id: "diabetes-regularized",
        about:
          "The 768 women again and two layers of 64 units, which is more than they need. An L2 penalty is part of Keras's validation loss, so that it is judged by accuracy. Early stopping watches the rows that it is judged on, which flatters it.",
        source: {
          name: "diabetes-regularized",
          title: "Four ways to regularize",
          data: {
            source: inlineSource(diabetes),
            split: HOLD_OUT,
            preprocess: ["imputeMedian", "standardize"],
          },
          model: base,
          train: training(2, { epochs: 60 }),
          seeds: OVER_SEEDS,
          variants: {
            none: {},
            decay: { train: { optimizer: { name: "adamw", weightDecay: 0.1 } } },
            l2: { model: { layers: penalized } },
            dropout: { model: { layers: dropped } },
            stopping: { train: { earlyStopping: { patience: 5, restoreBest: true } } },
          },
          claims: [
            lowerThanNone("decay", "weight decay lowers the validation loss"),
            {
              text: "an L2 penalty raises the validation accuracy",
              expect: [{ metric: "valAccuracy", variant: "l2", is: "higher", than: "none" }],
            },
            lowerThanNone("dropout", "dropout lowers the validation loss"),
            lowerThanNone("stopping", "early stopping lowers the validation loss"),
          ],
        },
        shows: ["loss", "valLoss"],
      },
    ],
  };
}

function lowerThanNone(variant: string, text: string) {
  return {
    text,
    expect: [{ metric: "valLoss" as const, variant, is: "lower" as const, than: "none" }],
  };
}

function crossValidation({ "pima-diabetes": diabetes }: FixtureTables): Statement {
  const asked = {
    data: {
      source: inlineSource(diabetes),
      preprocess: ["imputeMedian" as const, "standardize" as const],
    },
    model: classifier(2, [32]),
    train: training(2, { epochs: 40 }),
    variants: { small: { model: classifier(2, [8]) }, large: {} },
    claims: [
      {
        text: "the small network has the lower validation loss",
        expect: [
          { metric: "valLoss" as const, variant: "small", is: "lower" as const, than: "large" },
        ],
      },
    ],
  };
  return {
    id: "cross-validation",
    title: "Choose by cross-validation",
    says: "Which of two networks is better on new rows is told by cross-validation and not by one split.",
    causes: ["overfitting", "too-little-data"],
    experiments: [
      {
        id: "diabetes-one-split",
        about: "One claim, judged on one split of the rows: 20 training seeds, the same test rows.",
        source: {
          name: "diabetes-one-split",
          title: "Two sizes on one split",
          ...asked,
          data: { ...asked.data, split: { testSize: 0.2 } },
          seeds: { training: 20 },
        },
        shows: ["valLoss"],
      },
      {
        id: "diabetes-folds",
        about:
          "The same claim over five folds, dealt four times: every row is a test row four times.",
        source: {
          name: "diabetes-folds",
          title: "Two sizes over folds",
          ...asked,
          data: { ...asked.data, split: { folds: 5, repeats: 4 } },
          seeds: { training: 4 },
        },
        shows: ["valLoss"],
      },
    ],
  };
}

function example(name: string): SpecInput {
  return parse(readText(`examples/${name}.yaml`)) as SpecInput;
}

/** Hidden layers of relu, and the head for so many classes. */
function classifier(classes: number, hidden: readonly number[]) {
  return {
    layers: [...hidden.map((units) => ({ units, activation: "relu" as const })), head(classes)],
  };
}

function head(classes: number) {
  return classes === 2
    ? { units: 1, activation: "sigmoid" as const }
    : { units: classes, activation: "softmax" as const };
}

function training(classes: number, more: Partial<SpecInput["train"]> & { epochs: number }) {
  const loss =
    classes === 2 ? ("binaryCrossentropy" as const) : ("sparseCategoricalCrossentropy" as const);
  return { loss, optimizer: "adam" as const, ...more };
}
