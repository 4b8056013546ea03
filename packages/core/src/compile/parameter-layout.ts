// Where each tensor lies in a network's flat parameter vector.

import type { Layer, Operation, ParameterLayout, ParameterTensor } from "./plan.ts";
import { transformParameters } from "./transforms.ts";

type Place = Omit<ParameterTensor, "offset" | "size">;

/** The order is the contract of plan.ts's ParameterLayout. */
export function parameterLayout(
  layers: readonly Omit<Layer, "kernelInitializer" | "biasInitializer">[],
  before: readonly Operation[] = [],
): ParameterLayout {
  const places: Place[] = [];
  let position = 0;
  const operations = (list: readonly Operation[], layer: number, units: number) => {
    for (const operation of list) places.push(...placesOf(operation, position++, layer, units));
  };
  operations(before, 0, layers[0].inputs);
  layers.forEach((block, layer) => {
    const { inputs, units, useBias, activation, transform, after = [] } = block;
    const { kernel, recurrentKernel, bias } =
      transform === undefined
        ? { kernel: [inputs, units], recurrentKernel: null, bias: [units] }
        : transformParameters(transform);
    const own = (kind: Place["kind"], shape: readonly number[] | null) => {
      if (shape !== null) places.push({ layer, kind, trainable: true, shape });
    };
    own("kernel", kernel);
    own("recurrentKernel", recurrentKernel);
    own("bias", useBias ? bias : null);
    own("alpha", activation === "prelu" ? [units] : null);
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
  const width = ("channels" in operation ? operation.channels : undefined) ?? units;
  const place = (kind: Place["kind"], trainable = true): Place => ({
    layer,
    kind,
    trainable,
    operation: position,
    shape: [kind === "alpha" ? units : width],
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
