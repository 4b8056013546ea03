// A network from a file on the rows of a table, as a spec. What the file does not say is taken as
// given, or as a beginner would have it, and said.

import { headOf } from "../spec/head.ts";
import { layerSchema } from "../spec/layers.ts";
import { OPTIMIZERS, optimizerSchema } from "../spec/optimizers.ts";
import {
  DEFAULT_LEARNING_RATE,
  LOSSES,
  type Loss,
  type ModelSpec,
  type SpecInput,
} from "../spec/spec.ts";
import { beginnerSpec, fileName, TEST_SIZE } from "../tables/beginner-spec.ts";
import type { ReadTable } from "../tables/read-table.ts";
import { ModelError } from "./errors.ts";
import type { ImportedModel } from "./model.ts";

/** What `compile` and `fit` are given beside the model; it counts more than what the file says. */
export interface GivenTraining {
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly loss?: Loss | undefined;
  readonly optimizer?: (typeof OPTIMIZERS)[number] | undefined;
}

/** How a model is used. */
export interface ModelUse {
  /** What the spec is called. */
  readonly name: string;
  /** What the model's file is called in messages. */
  readonly file: string;
  readonly given?: GivenTraining;
  /** Start from the file's weights; layers that a change gives another shape are drawn. */
  readonly startFrom?: { readonly path: string; readonly digest: string } | undefined;
}

export interface ModelOnTable {
  readonly spec: SpecInput;
  /** What counts for nothing, a sentence each. */
  readonly notes: readonly string[];
  /** A sentence on what was taken for what the file does not say; or nothing. */
  readonly taken: readonly string[];
}

/** @throws ModelError when the network takes another number of columns than the table gives. */
export function modelSpec(model: ImportedModel, read: ReadTable, use: ModelUse): ModelOnTable {
  requireWidth(model, read, use.file);
  const { data, name } = beginnerSpec(use.name, read);
  const table = read.source.path.split(/[\\/]/).at(-1);
  return specOn(
    data,
    model,
    { ...use, name },
    `${use.file} on ${table}: why does it not converge?`,
  );
}

/** Where the rows are is not known yet: a table to be named stands in their place. */
export function modelAlone(model: ImportedModel, use: ModelUse): ModelOnTable {
  const name = fileName(use.name);
  const data: SpecInput["data"] = {
    source: { kind: "table", path: "data.csv", target: "label" },
    split: { testSize: TEST_SIZE },
  };
  return specOn(data, model, { ...use, name }, `${use.file}: why does it not converge?`);
}

function specOn(
  data: SpecInput["data"],
  model: ImportedModel,
  { name, file, given = {}, startFrom }: ModelUse,
  title: string,
): ModelOnTable {
  const { train, taken } = trainingOf(model, file, given);
  return {
    spec: {
      version: 1,
      name,
      title,
      data: { ...data, preprocess: [...model.preprocess] },
      model: {
        ...model.model,
        ...(startFrom ? { initialWeights: { ...startFrom, skipMismatch: true } } : {}),
      },
      train,
    },
    notes: model.notes.map((says) => `${file}: ${says}`),
    taken,
  };
}

function requireWidth({ inputShape }: ImportedModel, { table, source }: ReadTable, file: string) {
  const taken = inputShape?.reduce((product, size) => product * size, 1);
  const columns = table.columns.length;
  if (taken === undefined || taken === columns) return;
  const shape = inputShape!.length > 1 ? ` (${inputShape!.join(" x ")})` : "";
  const way =
    taken < columns
      ? "leave columns out with --drop, or name those that it takes with --features"
      : "give the table that it was made for; a column of categories can be --categorical";
  throw new ModelError(
    "MODEL_MISMATCH",
    `${file} takes ${taken} ${taken === 1 ? "number" : "numbers"} per row${shape}, and ${source.path} gives ${columns}: ${shownNames(table.columns)}; ${way}.`,
  );
}

const LISTED = 12;

function shownNames(columns: readonly string[]): string {
  const more = columns.length > LISTED ? ` and ${columns.length - LISTED} more` : "";
  return `${columns.slice(0, LISTED).join(", ")}${more}`;
}

/** As long as the beginner's: Keras's own single epoch is what nobody means. */
const USUAL_EPOCHS = 100;
/** Keras's, of `fit`. */
const USUAL_BATCH = 32;

function trainingOf(model: ImportedModel, file: string, given: GivenTraining) {
  const { train } = model;
  const epochs = given.epochs ?? train.epochs ?? USUAL_EPOCHS;
  const batchSize = given.batchSize ?? train.batchSize ?? USUAL_BATCH;
  const loss = given.loss ?? train.loss ?? fittingLoss(model.model);
  const isOther = given.optimizer !== undefined;
  const optimizer = given.optimizer ?? train.optimizer ?? "adam";
  const own = isOther ? undefined : train.learningRate;
  const learningRate = given.learningRate ?? own ?? usualRate(optimizer);
  const open = [
    ...((given.loss ?? train.loss) ? [] : [`the loss ${String(loss)}, by its head (--loss)`]),
    ...((given.optimizer ?? train.optimizer) ? [] : ["the optimizer adam (--optimizer)"]),
    ...((given.learningRate ?? own)
      ? []
      : [`a learning rate of ${learningRate} (--learning-rate)`]),
    ...((given.epochs ?? train.epochs) ? [] : [`${epochs} epochs (--epochs)`]),
    ...((given.batchSize ?? train.batchSize) ? [] : [`batches of ${batchSize} (--batch-size)`]),
  ];
  const taken = open.length === 0 ? [] : [`${file} does not say, so taken are ${open.join(", ")}.`];
  return { train: { ...train, loss, optimizer, learningRate, epochs, batchSize }, taken };
}

function usualRate(optimizer: SpecInput["train"]["optimizer"]): number {
  return DEFAULT_LEARNING_RATE[optimizerSchema.parse(optimizer).name];
}

/** The loss that goes with the head's units. */
function fittingLoss(model: SpecInput["model"]): Loss {
  const layers = model.layers.map((layer) => layerSchema.parse(layer)) as ModelSpec["layers"];
  const { units } = headOf({ layers }).layer;
  return units === 1 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
}

/** For flags: the words that a loss or an optimizer can be given by. */
export const TRAINING_WORDS = { loss: LOSSES, optimizer: OPTIMIZERS } as const;
