// vanishing-at-start: before the first step a gradient shrinks so much on its way from the last to
// the first hidden layer that the first layers cannot move. Computed from the initial weights and
// the slopes of the activations: sd x sqrt(units) x slope per layer (Glorot and Bengio 2010, He et
// al. 2015), so it needs no training; `vanishing-gradients` reads the measured ones.

import { shortNumber } from "../../shared/number-text.ts";
import {
  hiddenBlocks,
  initialSd,
  isConstant,
  isNormalized,
  placeOf,
  slopeAtStart,
} from "../blocks.ts";
import { reluHe, SHRINKING } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** First over last kernel gradient, AUTOTRAINER's beta_1 for "vanishing" (ICSE 2021). */
const MIN_GRADIENT_RATIO = 1e-3;

export const vanishingAtStart = lintCheck({
  id: "vanishing-at-start",
  title: "Gradients vanish before the first layer at the initial weights",
  reads: ["shape"],
  examine(variant, { shape }) {
    const hidden = hiddenBlocks(variant.model, shape.inputs);
    const isBridged = variant.model.layers.some(({ type }) => type === "add");
    // constant-initializer speaks of weights without spread.
    const isUnknown = hidden.some(
      (block) => isNormalized(block) || isConstant(block.layer.kernelInitializer),
    );
    if (hidden.length < 2 || isBridged || isUnknown) return [];
    const factors = hidden.slice(1).map(({ layer, inputs, index }, i) => ({
      index,
      factor:
        initialSd(layer.kernelInitializer, inputs, layer.units) *
        Math.sqrt(layer.units) *
        slopeAtStart(hidden[i].activations),
    }));
    const ratio = factors.reduce((product, { factor }) => product * factor, 1);
    if (ratio >= MIN_GRADIENT_RATIO) return [];
    const smallest = factors.reduce((a, b) => (b.factor < a.factor ? b : a));
    const hidesSigmoid = hidden.some(({ activations }) =>
      activations.some(({ name }) => SHRINKING.has(name)),
    );
    const places = hidden.map(({ index }) => index);
    return [
      {
        severity: "warning",
        where: places.map(placeOf).join(", "),
        says: `At the initial weights a gradient shrinks to ${shortNumber(ratio)} of itself on its way through ${hidden.length} hidden layers${hidesSigmoid ? ", as a sigmoid passes a quarter of it at most" : ""}; the first layers will hardly move.`,
        evidence: [
          `product over the layers ${shortNumber(ratio)} (limit ${MIN_GRADIENT_RATIO})`,
          `smallest factor ${shortNumber(smallest.factor)}, at ${placeOf(smallest.index)}`,
        ],
        interventions: [reluHe(variant)],
      },
    ];
  },
});
