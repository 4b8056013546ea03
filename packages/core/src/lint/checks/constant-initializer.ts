// constant-initializer: all weights of a hidden layer start equal, and so do those that read its
// units. Then all its units compute the same and get the same gradient, for ever; behind a ReLU
// that starts at 0 nothing gets a gradient at all.

import { blocksOf, isConstant, isNormalized, placeOf } from "../blocks.ts";
import { changeLayers } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Slope 0 at 0, by the convention of docs/training-semantics.md. */
const FLAT_AT_ZERO: readonly string[] = ["relu", "prelu"];

export const constantInitializer = lintCheck({
  id: "constant-initializer",
  title: "All weights of a hidden layer start equal",
  reads: ["shape"],
  examine(variant, { shape }) {
    const blocks = blocksOf(variant.model, shape.inputs);
    const stuck = blocks.slice(0, -1).filter((block, b) => {
      const { layer, activations } = block;
      if (!isConstant(layer.kernelInitializer)) return false;
      // Random weights behind the layer, or random biases in it, tell its units apart.
      const isAlike =
        isConstant(layer.biasInitializer) && isConstant(blocks[b + 1].layer.kernelInitializer);
      const isZero = [layer.kernelInitializer, layer.biasInitializer].every(
        (each) => each.name === "zeros" || ("value" in each && each.value === 0),
      );
      const isDead =
        isZero &&
        !isNormalized(block) &&
        activations.some(({ name }) => FLAT_AT_ZERO.includes(name));
      return isDead || (isAlike && layer.units > 1);
    });
    if (stuck.length === 0) return [];
    const places = blocks
      .filter(({ layer }) => isConstant(layer.kernelInitializer))
      .map(({ index }) => index);
    const hasRelu = stuck.some(({ activations }) =>
      activations.some(({ name }) => /relu/i.test(name)),
    );
    const start = hasRelu ? "heUniform" : "glorotUniform";
    return [
      {
        severity: "error",
        where: stuck.map(({ index }) => placeOf(index)).join(", "),
        says: `All weights of ${stuck.length === 1 ? "a hidden layer" : `${stuck.length} hidden layers`} start equal, so its units stay copies of each other however long it trains.`,
        evidence: stuck.map(
          ({ index, layer }) =>
            `${placeOf(index)}: kernelInitializer ${layer.kernelInitializer.name}, ${layer.units} units`,
        ),
        interventions: [
          changeLayers(
            variant,
            { id: "random-weights", says: `start from ${start}` },
            (layer, i) => (places.includes(i) ? { ...layer, kernelInitializer: start } : layer),
          ),
        ],
      },
    ];
  },
});
