// Bytes of a file -> the network in it, whatever the file is called: `.keras`, `.h5`, the text of
// `model.to_json()`, the model.json of TensorFlow.js, or the parameters of scikit-learn's
// MLPClassifier.

import type { ModelWeights } from "../compile/initial-weights.ts";
import { isZip, MOST_BYTES, readArchive } from "./archive.ts";
import { unreadable, unsupported } from "./errors.ts";
import { Hdf5Group } from "./hdf5.ts";
import { type KerasNetwork, readNetwork } from "./keras-network.ts";
import { type Fields, isFields, letters } from "./keras-objects.ts";
import { readTraining } from "./keras-training.ts";
import { readWeights } from "./keras-weights.ts";
import type { ImportedModel, ModelFormat, Sibling } from "./model.ts";
import { isSklearn, sklearnModel, type TableFacts } from "./sklearn-model.ts";
import { readTfjsWeights } from "./tfjs-weights.ts";

export interface ReadModelOptions {
  /** Gives the weights that lie beside a model.json. Absent: they are not read. */
  readonly sibling?: Sibling | undefined;
  /** Of the table that the network is for: scikit-learn's depends on it. */
  readonly facts?: TableFacts | undefined;
}

/**
 * @param file What the file is called in messages.
 * @throws ModelError
 */
export function readModel(
  file: string,
  bytes: Uint8Array,
  { sibling, facts }: ReadModelOptions = {},
): ImportedModel {
  if (bytes.length === 0) throw unreadable(file, "it is empty; save the model again.");
  if (bytes.length > MOST_BYTES) {
    throw unreadable(
      file,
      `it has ${Math.ceil(bytes.length / 2 ** 20)} MB, and ${MOST_BYTES / 2 ** 20} MB are read at most.`,
    );
  }
  if (isZip(bytes)) {
    const { config, weights } = readArchive(bytes, file);
    return imported("keras", parsedJson(config, file), file, (network) =>
      weights === undefined ? undefined : readWeights(Hdf5Group.open(weights, file), network, file),
    );
  }
  if (isHdf5(bytes)) return readLegacy(bytes, file);
  const source = parsedJson(decoded(bytes, file), file);
  if (isFields(source) && isSklearn(source)) return sklearnModel(source, file, facts);
  if (isFields(source) && source.modelTopology !== undefined) {
    return readTfjs(source, file, sibling);
  }
  return imported("keras-json", source, file);
}

function isHdf5(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 8)) === "\u0089HDF\r\n\u001a\n";
}

/** Keras's older form: text in attributes, weights in groups. */
function readLegacy(bytes: Uint8Array, file: string): ImportedModel {
  const root = Hdf5Group.open(bytes, file);
  const config = root.text("model_config");
  if (config === undefined) {
    throw unreadable(
      file,
      "it holds weights alone, or no model at all; save the whole model with model.save, or give the text of model.to_json().",
    );
  }
  const training = root.text("training_config");
  const model = parsedJson(config, file);
  const compiled = training === undefined ? undefined : parsedJson(training, file);
  const whole = isFields(model) && compiled ? { ...model, compile_config: compiled } : model;
  return imported("h5", whole, file, (network) => readWeights(root, network, file));
}

function readTfjs(source: Fields, file: string, sibling: Sibling | undefined): ImportedModel {
  const { modelTopology: topology, format, weightsManifest, trainingConfig } = source;
  if (format === "graph-model" || (isFields(topology) && topology.node !== undefined)) {
    throw unsupported(
      file,
      "it is a graph of operations, which has no layers; give the Keras model that it was made of.",
    );
  }
  // A model of Keras that was converted has its configuration one level deeper.
  const inner = isFields(topology) ? topology.model_config : undefined;
  const model = isFields(inner) ? inner : topology;
  const compiled = trainingConfig ?? (isFields(topology) ? topology.training_config : undefined);
  const whole = isFields(model) && compiled ? { ...model, compile_config: compiled } : model;
  return imported("tfjs", whole, file, (network) =>
    sibling === undefined || weightsManifest === undefined
      ? undefined
      : readTfjsWeights(weightsManifest, network, file, sibling),
  );
}

function imported(
  format: ModelFormat,
  source: unknown,
  file: string,
  weightsOf: (network: KerasNetwork) => ModelWeights | undefined = () => undefined,
): ImportedModel {
  const notes: string[] = [];
  const note = (says: string) => {
    if (!notes.includes(says)) notes.push(says);
  };
  const network = readNetwork(source, file, note);
  const { name, inputShape, model, standardizes } = network;
  const compiled = isFields(source) ? source.compile_config : undefined;
  const train = isFields(compiled) ? readTraining(compiled, { file, note }) : {};
  notePrecision(network, note);
  const weights = weightsOf(network);
  return {
    format,
    name,
    ...(inputShape === undefined ? {} : { inputShape }),
    model,
    train,
    preprocess: standardizes ? ["standardize"] : [],
    notes,
    ...(weights === undefined ? {} : { weights }),
  };
}

function notePrecision({ fileLayers }: KerasNetwork, note: (says: string) => void): void {
  const mixed = fileLayers.find(({ config }) => {
    const { dtype } = config;
    const name = isFields(dtype) && isFields(dtype.config) ? dtype.config.name : dtype;
    return typeof name === "string" && letters(name) !== "float32" && !/int/.test(name);
  });
  if (mixed !== undefined) {
    note(
      `layer "${mixed.name}" (${mixed.className}) is not of float32; everything is computed in it.`,
    );
  }
}

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(
      file,
      "it is none of .keras, .h5, the text of model.to_json() and the model.json of TensorFlow.js.",
    );
  }
}

/** Keras nests a dozen levels; a million of them would exhaust whoever walks them. */
const MOST_LEVELS = 200;

function parsedJson(text: string, file: string): unknown {
  if (levelsOf(text) > MOST_LEVELS) {
    throw unreadable(
      file,
      `its JSON is nested more than ${MOST_LEVELS} levels deep; Keras did not write it.`,
    );
  }
  try {
    // `print(repr(model.to_json()))` puts the text into quotes once more.
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch (error) {
    const { message } = error as Error;
    throw unreadable(file, `it is no JSON (${message}); print(model.to_json()) writes it.`);
  }
}

/** Brackets that are open at once; those inside texts count too, which does no harm. */
function levelsOf(text: string): number {
  let most = 0;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    open += bracket === "[" || bracket === "{" ? 1 : -1;
    if (open > most) most = open;
  }
  return most;
}
