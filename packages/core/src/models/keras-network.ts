// The configuration of a Keras model, as `to_json()` and all of Keras's files have it, in the words
// of a spec: Sequential, and Functional as long as it is one chain with residual connections.

import { pythonName } from "../spec/keras-names.ts";
import { layerSchema } from "../spec/layers.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import type { LayerSpec } from "../spec/spec.ts";
import { unreadable, unsupported } from "./errors.ts";
import { className, type KerasLayer, translateLayer } from "./keras-layers.ts";
import { type Fields, isFields, plainNumber, shown, wordOr } from "./keras-objects.ts";
import type { LayerReader } from "./keras-settings.ts";
import { type ChainLink, linearChain } from "./linear-chain.ts";
import type { ImportedModel } from "./model.ts";

export interface KerasNetwork extends Pick<ImportedModel, "name" | "inputShape" | "model"> {
  /** Every layer of the file, in the file's order: Keras counts them to name weights. */
  readonly fileLayers: readonly KerasLayer[];
  /** Which layers of the file have the weights of which kind of layer, in the order of the list. */
  readonly origins: readonly Origin[];
  readonly standardizes: boolean;
}

export interface Origin {
  readonly type: LayerSpec["type"];
  readonly layer: KerasLayer;
}

/** @throws ModelError that names the layer which a spec cannot say. */
export function readNetwork(
  written: unknown,
  file: string,
  note: (says: string) => void,
): KerasNetwork {
  const { kind, config } = modelConfig(written, file);
  const fileLayers = layersOf(config, file);
  const chain: readonly ChainLink[] =
    kind === "Sequential" ? fileLayers.map((layer) => ({ layer })) : linearChain(fileLayers, file);
  const list = new LayerList(file, note);
  for (const link of chain) list.add(link);
  if (!list.layers.some(({ type }) => type === "dense")) {
    throw unsupported(file, "it has no dense layer, and a spec's network ends in one.");
  }
  const inputShape = inputShapeOf(config, fileLayers);
  const model = {
    ...(inputShape !== undefined && inputShape.length > 1 ? { inputShape: [...inputShape] } : {}),
    layers: list.layers as unknown as ImportedModel["model"]["layers"],
  };
  return {
    name: wordOr(config.name, "") || "model",
    ...(inputShape === undefined ? {} : { inputShape }),
    model,
    fileLayers,
    origins: list.origins,
    standardizes: list.standardizes,
  };
}

/** A spec's list of layers, as it grows with every layer of the file. */
class LayerList {
  readonly layers: Fields[] = [];
  readonly origins: Origin[] = [];
  standardizes = false;
  readonly #file: string;
  readonly #note: (says: string) => void;
  /** Where the output of each layer of the file stands in the list; -1 for the inputs. */
  readonly #places = new Map<KerasLayer, number>();

  constructor(file: string, note: (says: string) => void) {
    this.#file = file;
    this.#note = note;
  }

  add({ layer, added }: ChainLink): void {
    const label = `layer "${layer.name}" (${layer.className})`;
    const reader: LayerReader = {
      fail: (says) => {
        throw unsupported(this.#file, `${label} ${says}`);
      },
      note: (says) => this.#note(`${label}: ${says}`),
    };
    if (layer.className === "Add" && added !== undefined) {
      const from = this.#places.get(added) ?? -1;
      if (from < 0) reader.fail("adds the inputs themselves, which a spec cannot say.");
      this.layers.push({ type: "add", from });
    } else if (layer.className !== "InputLayer") {
      this.#addTranslated(layer, label, reader);
    }
    this.#places.set(layer, this.layers.length - 1);
  }

  #addTranslated(layer: KerasLayer, label: string, reader: LayerReader): void {
    const { layers, weighted, standardizes = false } = translateLayer(layer, reader);
    if (standardizes && this.layers.length > 0) {
      reader.fail(
        "stands behind another layer; a spec standardizes columns, in front of the network.",
      );
    }
    this.standardizes ||= standardizes;
    layers.forEach((each, i) => {
      checkLayer(each, label, this.#file);
      this.layers.push(each);
      if (i === weighted) this.origins.push({ type: each.type as LayerSpec["type"], layer });
    });
  }
}

/** The model's class and its `config`; Keras 1 had the list of layers in place of a config. */
function modelConfig(written: unknown, file: string): { kind: string; config: Fields } {
  const { class_name: kind, config } = isFields(written) ? written : {};
  if (kind === undefined || config === undefined) {
    throw unreadable(
      file,
      "it is JSON, but no model of Keras: there is no class_name with a config. Save one with model.save, or print model.to_json().",
    );
  }
  if (kind !== "Sequential" && kind !== "Functional" && kind !== "Model") {
    throw unsupported(
      file,
      `it is a ${shown(kind)}; a spec can say Sequential and Functional models, whose layers a file lists.`,
    );
  }
  if (Array.isArray(config)) return { kind, config: { layers: config } };
  if (!isFields(config)) throw unreadable(file, `its config is ${shown(config)}, not an object.`);
  return { kind, config };
}

/** More layers than any spec has. */
const MOST_LAYERS = 1000;

function layersOf({ layers }: Fields, file: string): KerasLayer[] {
  if (!Array.isArray(layers) || layers.length === 0 || layers.length > MOST_LAYERS) {
    throw unreadable(
      file,
      `its config lists ${Array.isArray(layers) ? layers.length : "no"} layers.`,
    );
  }
  return layers.map((written: unknown, i) => {
    const { class_name: kind, config, name } = isFields(written) ? written : {};
    if (!isFields(written) || typeof kind !== "string" || !isFields(config)) {
      throw unreadable(
        file,
        `layer ${i} has no class_name with a config, but is ${shown(written)}.`,
      );
    }
    const given = config.name ?? name;
    return {
      name: typeof given === "string" ? given : `layer ${i}`,
      className: className(kind),
      config,
      written,
    };
  });
}

/** What is not as a spec has it, by the layer's name and Keras's name of the setting. */
function checkLayer(layer: Fields, label: string, file: string): void {
  const parsed = layerSchema.safeParse(layer, { reportInput: true });
  if (parsed.success) return;
  const [{ path, message }] = schemaProblems(layerSchema, parsed.error, layer);
  const setting = path
    .map((key, i) =>
      typeof key === "number" ? `[${key}]` : `${i > 0 ? "." : ""}${pythonName(key)}`,
    )
    .join("");
  throw unsupported(file, `${label}: ${setting || "it"} ${message}`);
}

/** Of the first layer, without the batch; Keras 3 and 2 have different words for it. */
function inputShapeOf(config: Fields, layers: readonly KerasLayer[]): number[] | undefined {
  const [first] = layers;
  const { config: own, written } = first;
  const build = isFields(written.build_config) ? written.build_config.input_shape : undefined;
  const withBatch = [
    own.batch_shape,
    own.batch_input_shape,
    own.batchInputShape,
    build,
    config.build_input_shape,
  ].find(Array.isArray) as unknown[] | undefined;
  const shape =
    withBatch?.slice(1) ?? (Array.isArray(own.input_shape) ? own.input_shape : undefined);
  if (shape === undefined) {
    const { input_dim: width } = own;
    return first.className !== "Embedding" && isSize(width) ? [width] : undefined;
  }
  // An axis of any length is null.
  return shape.length > 0 && shape.every(isSize)
    ? shape.map((size) => plainNumber(size))
    : undefined;
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1;
}
