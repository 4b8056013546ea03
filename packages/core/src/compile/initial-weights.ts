// Weights from a file as the start of a network: which tensor of the file becomes which of the
// network's. Layers are paired by their kind and their order among those of that kind.

import { canonicalJson } from "../shared/content-hash.ts";
import { SpecError } from "../spec/errors.ts";
import type { InitialWeights } from "../spec/initial-weights.ts";
import type { LayerSpec, ModelSpec } from "../spec/spec.ts";
import { startsBlock } from "./blocks.ts";
import type { Network, ParameterTensor } from "./plan.ts";

/** The layers of a file that have weights, in their order. */
export type ModelWeights = readonly LayerWeights[];

export interface LayerWeights {
  /** What the layer is in a spec. */
  readonly type: LayerSpec["type"];
  /** In Keras's order: kernel, bias; gamma, beta, moving mean, moving variance. */
  readonly tensors: readonly WeightTensor[];
}

export interface WeightTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/** The weights that specs name, by `weightsKey`; whoever may read files fills it. */
export type WeightsTable = ReadonlyMap<string, ModelWeights>;

export function weightsKey({ path, digest }: Pick<InitialWeights, "path" | "digest">): string {
  return canonicalJson({ path, digest });
}

/**
 * What a network starts from, in the order of its layout; NaN where a weight is drawn.
 *
 * @throws SpecError when a layer does not fit and the spec does not skip it.
 */
export function startOf(
  model: ModelSpec,
  network: Network,
  weights: WeightsTable,
): Float32Array | undefined {
  const { initialWeights } = model;
  if (initialWeights === undefined) return undefined;
  const fail = (says: string) => {
    const path = ["model", "initialWeights"];
    return new SpecError([{ code: "SPEC_SHAPE_MISMATCH", path, message: says }]);
  };
  const given = weights.get(weightsKey(initialWeights));
  if (given === undefined) {
    throw fail(
      `names ${initialWeights.path}, which was not read; give the spec where its files are.`,
    );
  }
  const own = layerTensors(model, network);
  const start = new Float32Array(network.layout.size).fill(Number.NaN);
  const left = [...given];
  model.layers.forEach(({ type }, i) => {
    if (own[i].length === 0) return;
    const found = left.findIndex((layer) => layer.type === type);
    const [taken] = found === -1 ? [] : left.splice(found, 1);
    const misfit = misfitOf(own[i], taken);
    if (misfit === undefined) {
      taken.tensors.forEach(({ values }, t) => {
        start.set(values, own[i][t].offset);
      });
    } else if (!initialWeights.skipMismatch) {
      throw fail(
        `are of another network: model.layers[${i}] is ${type} with ${misfit} in ${initialWeights.path}; set skipMismatch to draw such layers.`,
      );
    }
  });
  if (left.length > 0 && !initialWeights.skipMismatch) {
    throw fail(
      `are of another network: ${initialWeights.path} has ${left.length} more ${left.length === 1 ? "layer" : "layers"} with weights; set skipMismatch to leave them.`,
    );
  }
  return start;
}

/** How a layer's tensors differ from those of the file; undefined when they do not. */
function misfitOf(
  own: readonly ParameterTensor[],
  given: LayerWeights | undefined,
): string | undefined {
  const shapes = (list: readonly { readonly shape: readonly number[] }[]) =>
    list.map(({ shape }) => shape.join(" x ")).join(", ");
  if (given === undefined) return `${shapes(own)} weights, and there are none`;
  const [wanted, found] = [shapes(own), shapes(given.tensors)];
  if (wanted !== found) return `${wanted} weights, and they are ${found}`;
  const areFinite = given.tensors.every(({ values }) => values.every(Number.isFinite));
  return areFinite ? undefined : `${wanted} weights, and some are not finite`;
}

/** The tensors of each layer of the list, in Keras's order. */
export function layerTensors(
  { layers }: ModelSpec,
  { layout: { tensors } }: Pick<Network, "layout">,
): readonly (readonly ParameterTensor[])[] {
  let block = -1;
  let position = -1;
  return layers.map((layer) => {
    if (layer.type === "flatten" || layer.type === "reshape") return [];
    if (startsBlock(layer)) {
      block++;
      return tensors.filter((t) => t.layer === block && t.operation === undefined);
    }
    position++;
    return tensors.filter((t) => t.operation === position);
  });
}
