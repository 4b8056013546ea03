// born-dead: narrow ReLU layers in which at the start, with fair probability, no unit is on. Then the
// network answers the same always, and no step can change that.

import { percent } from "../../shared/number-text.ts";
import { hiddenBlocks, isNormalized, placeOf } from "../blocks.ts";
import { changeLayers, withActivation } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** One seed in ten: what 20 seeds show with 88% probability. */
const MAX_PROBABILITY = 0.1;

export const bornDead = lintCheck({
  id: "born-dead",
  title: "Narrow ReLU layers may be dead before the first step",
  reads: ["shape"],
  examine(variant, { shape }) {
    const relu = hiddenBlocks(variant.model, shape.inputs).filter(
      (block) => block.activations.some(({ name }) => name === "relu") && !isNormalized(block),
    );
    const isBridged = variant.model.layers.some(({ type }) => type === "add");
    // Each unit is off with probability 1/2, a layer with (1/2)^units: Lu et al., "Dying ReLU and
    // initialization", 2020, theorem 3.2.
    const alive = relu.reduce((product, { layer }) => product * (1 - 2 ** -layer.units), 1);
    if (1 - alive < MAX_PROBABILITY || isBridged) return [];
    const narrowest = relu.reduce((a, b) => (b.layer.units < a.layer.units ? b : a));
    const places = relu.flatMap(({ activations }) => activations.map(({ index }) => index));
    return [
      {
        severity: "warning",
        where: relu.map(({ index }) => placeOf(index)).join(", "),
        says: `With probability ${percent(1 - alive)} some layer of the ${relu.length} with relu starts with all its units off for a given row, and what is off for all rows never learns.`,
        evidence: [
          `1 - product of (1 - 2^-units) = ${percent(1 - alive)} (limit ${percent(MAX_PROBABILITY)})`,
          `narrowest: ${placeOf(narrowest.index)} with ${narrowest.layer.units} units`,
        ],
        interventions: [
          changeLayers(variant, { id: "leaky-relu", says: "use leakyReLU there" }, (layer, i) =>
            places.includes(i) ? withActivation(layer, "leakyReLU") : layer,
          ),
          changeLayers(
            variant,
            { id: "widen", says: "give the narrow layers 16 units" },
            (layer, i) =>
              layer.type === "dense" && relu.some(({ index }) => index === i)
                ? { ...layer, units: Math.max(16, layer.units) }
                : layer,
          ),
        ],
      },
    ];
  },
});
