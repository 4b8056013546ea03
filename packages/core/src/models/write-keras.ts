// A network with its weights as a `.keras` file, laid out as Keras 3 does it. HDF5's own library
// writes the weights; it is large, and is loaded when the first file is written.

import { strToU8, zipSync } from "fflate";
import type { Network } from "../compile/plan.ts";
import type { Variant } from "../spec/spec.ts";
import { type NamedLayer, namedLayers, toKerasConfig } from "./to-keras-config.ts";

export interface WrittenModel {
  readonly bytes: Uint8Array;
  /** What the file could not say, a sentence each. */
  readonly notes: readonly string[];
}

/** The version of Keras whose layout this is. */
const KERAS_VERSION = "3.15.1";

/** The first moment that an archive can name: files that say the same are the same. */
const NO_DATE = new Date(1980, 0, 1);

/**
 * @param parameters Flat, in the order of the network's layout.
 * @throws ModelError when Keras has no word for a part of it.
 */
export async function writeKeras(
  variant: Variant,
  network: Network,
  parameters: Float32Array,
): Promise<WrittenModel> {
  const layers = namedLayers(variant, network);
  const { config, notes } = toKerasConfig(variant, network, layers);
  const entries = {
    "metadata.json": strToU8(JSON.stringify({ keras_version: KERAS_VERSION })),
    "config.json": strToU8(JSON.stringify(config)),
    "model.weights.h5": await weightsFile(layers, parameters),
  };
  return { bytes: zipSync(entries, { level: 0, mtime: NO_DATE }), notes };
}

/** What `model.to_json()` gives, with all of compile's arguments. */
export function writeKerasJson(
  variant: Variant,
  network: Network,
): { readonly text: string; readonly notes: readonly string[] } {
  const { config, notes } = toKerasConfig(variant, network, namedLayers(variant, network));
  return { text: `${JSON.stringify(config, null, 2)}\n`, notes };
}

let written = 0;

async function weightsFile(
  layers: readonly NamedLayer[],
  parameters: Float32Array,
): Promise<Uint8Array> {
  const { File, ready } = await import("h5wasm");
  const { FS } = await ready;
  // A file system in memory, shared by everyone who writes at the moment.
  const path = `weights-${written++}.h5`;
  const file = new File(path, "w");
  const root = file.create_group("layers");
  for (const { name, className, tensors } of layers) {
    const group = root.create_group(name);
    const vars = group.create_group("vars");
    vars.create_attribute("name", name);
    const place = CELLS.has(className) ? group.create_group("cell").create_group("vars") : vars;
    tensors.forEach(({ offset, size, shape }, i) => {
      const data = parameters.slice(offset, offset + size);
      place.create_dataset({ name: String(i), data, shape: [...shape], dtype: "<f4" });
    });
  }
  file.create_group("vars");
  file.close();
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return bytes;
}

/** Recurrent layers keep their weights in the cell that they repeat. */
const CELLS: ReadonlySet<string> = new Set(["SimpleRNN", "LSTM", "GRU"]);
