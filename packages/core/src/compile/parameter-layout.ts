// Where each tensor lies in a network's flat parameter vector.

import type { Layer, Operation, ParameterLayout, ParameterTensor } from "./plan.ts";

type Place = Omit<ParameterTensor, "offset" | "size">;

/** The order is the contract of plan.ts's ParameterLayout. */
export function parameterLayout(
  layers: readonly Pick<Layer, "inputs" | "units" | "useBias" | "activation" | "after">[],
  before: readonly Operation[] = [],
): ParameterLayout {
  const places: Place[] = [];
  let position = 0;
  const operations = (list: readonly Operation[], layer: number, units: number) => {
    for (const operation of list) places.push(...placesOf(operation, position++, layer, units));
  };
  operations(before, 0, layers[0].inputs);
  layers.forEach(({ inputs, units, useBias, activation, after = [] }, layer) => {
    places.push({ layer, kind: "kernel", trainable: true, shape: [inputs, units] });
    if (useBias) places.push({ layer, kind: "bias", trainable: true, shape: [units] });
    if (activation === "prelu")
      places.push({ layer, kind: "alpha", trainable: true, shape: [units] });
    operations(after, layer, units);
  });
  const ordered = [...places.filter((p) => p.trainable), ...places.filter((p) => !p.trainable)];
  let offset = 0;
  const tensors = ordered.map((place) => {
    const size = place.shape.reduce((a, b) => a * b, 1);
    offset += size;
    return { ...place, offset: offset - size, size };
  });
  const trainable = tensors.filter((t) => t.trainable).reduce((sum, t) => sum + t.size, 0);
  return { tensors, trainable, size: offset };
}

/** The tensors of one operation, trainable ones first. */
function placesOf(operation: Operation, position: number, layer: number, units: number): Place[] {
  const place = (kind: Place["kind"], trainable = true): Place => ({
    layer,
    kind,
    trainable,
    operation: position,
    shape: [units],
  });
  switch (operation.kind) {
    case "activation":
      return operation.activation === "prelu" ? [place("alpha")] : [];
    case "batchNormalization":
      return [
        ...scaleAndCenter(operation, place),
        place("movingMean", false),
        place("movingVariance", false),
      ];
    case "layerNormalization":
      return scaleAndCenter(operation, place);
    default:
      return [];
  }
}

function scaleAndCenter(
  { scale, center }: { scale: boolean; center: boolean },
  place: (kind: Place["kind"]) => Place,
): Place[] {
  return [...(scale ? [place("gamma")] : []), ...(center ? [place("beta")] : [])];
}
