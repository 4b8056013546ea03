// The weights of Keras's files, by the layers that they belong to. Keras 3 names groups by classes in
// their order (dense, dense_1, ...) and keeps the layer's own name beside; Keras 2 names groups by
// layers and lists their arrays.

import type { ModelWeights, WeightTensor } from "../compile/initial-weights.ts";
import { unreadable } from "./errors.ts";
import type { Hdf5Group } from "./hdf5.ts";
import type { KerasLayer } from "./keras-layers.ts";
import type { KerasNetwork } from "./keras-network.ts";

export function readWeights(root: Hdf5Group, network: KerasNetwork, file: string): ModelWeights {
  const legacy = root.group("model_weights") ?? root;
  const layerNames = legacy.texts("layer_names");
  const keras3 = root.group("layers") ?? root.group("_layer_checkpoint_dependencies");
  if (layerNames === undefined && keras3 === undefined) {
    throw unreadable(file, "its HDF5 has no layers of Keras; write it with model.save.");
  }
  const tensorsOf =
    layerNames === undefined
      ? groupedTensors(keras3!, network.fileLayers)
      : listedTensors(legacy, layerNames);
  return network.origins.flatMap(({ type, layer }) => {
    const tensors = tensorsOf(layer);
    return tensors.length === 0 ? [] : [{ type, tensors }];
  });
}

type TensorsOf = (layer: KerasLayer) => readonly WeightTensor[];

/** Keras 2: the layer's group lists paths to its arrays. */
function listedTensors(root: Hdf5Group, layerNames: readonly string[]): TensorsOf {
  return ({ name }) => {
    const group = layerNames.includes(name) ? root.group(name) : undefined;
    return (group?.texts("weight_names") ?? []).map((path) => group!.tensor(path));
  };
}

/** Keras 3: arrays 0, 1, ... below `vars`; those of a cell or a wrapped layer one level deeper. */
function groupedTensors(root: Hdf5Group, fileLayers: readonly KerasLayer[]): TensorsOf {
  const groups = new Map<KerasLayer, Hdf5Group>();
  const counted = groupNames(fileLayers.map(({ className }) => className));
  const byOwnName = new Map(
    root.names.flatMap((key) => {
      const name = root.group(`${key}/vars`)?.text("name");
      return name === undefined ? [] : [[name, key] as const];
    }),
  );
  fileLayers.forEach((layer, i) => {
    const group = root.group(byOwnName.get(layer.name) ?? counted[i]);
    if (group !== undefined) groups.set(layer, group);
  });
  return (layer) => {
    const group = groups.get(layer);
    const places = ["vars", "cell/vars", "layer/vars"].map((path) => group?.group(path));
    const vars = places.find((place) => place !== undefined && place.names.length > 0);
    if (vars === undefined) return [];
    const keys = vars.names.filter((key) => /^\d+$/.test(key));
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => vars.tensor(key));
  };
}

/** Keras 3's names of the groups of layers of these classes. */
export function groupNames(classNames: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return classNames.map((className) => {
    const name = snakeCase(className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

/** As Keras does it: BatchNormalization is batch_normalization, PReLU p_re_lu, Conv2D conv2d. */
function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
