// wide-initializer: weights start so large that pre-activations are far out on an activation's flat
// part, or outputs grow from layer to layer.

import { flatRange, isBounded } from "../../compile/flat-range.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { hiddenBlocks, initialSd, placeOf } from "../blocks.ts";
import { changeLayers } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Where the activation has no flat part: AUTOTRAINER's limit for a layer's mean output (ICSE 2021). */
const MAX_PRE_ACTIVATION = 10;

export const wideInitializer = lintCheck({
  id: "wide-initializer",
  title: "Weights start too large for the activation",
  reads: ["shape"],
  examine(variant, { shape }) {
    const wide = hiddenBlocks(variant.model, shape.inputs).flatMap((block) => {
      const { layer, inputs, index, activations } = block;
      // Root mean square of the pre-activation of inputs that are of unit scale themselves.
      const size = initialSd(layer.kernelInitializer, inputs, layer.units) * Math.sqrt(inputs);
      const name = activations[0]?.name ?? "linear";
      const limit =
        isBounded(name) && name !== "softmax" ? flatRange(name)!.high : MAX_PRE_ACTIVATION;
      return size > limit ? [{ index, size, limit, name, sd: size / Math.sqrt(inputs) }] : [];
    });
    if (wide.length === 0) return [];
    const places = wide.map(({ index }) => index);
    const start = wide.some(({ name }) => /relu/i.test(name)) ? "heUniform" : "glorotUniform";
    return [
      {
        severity: "warning",
        where: places.map(placeOf).join(", "),
        says: `Weights start so large that inputs of unit scale give pre-activations of about ${shortNumber(Math.max(...wide.map(({ size }) => size)))}; ${isBounded(wide[0].name) ? `${wide[0].name} is flat there and passes no gradient` : "they grow from layer to layer"}.`,
        evidence: wide.map(
          ({ index, size, limit, sd }) =>
            `${placeOf(index)}: weights of sd ${shortNumber(sd)}, pre-activation ${shortNumber(size)} (limit ${shortNumber(limit)})`,
        ),
        interventions: [
          changeLayers(
            variant,
            { id: "scaled-weights", says: `start from ${start}` },
            (layer, i) => (places.includes(i) ? { ...layer, kernelInitializer: start } : layer),
          ),
        ],
      },
    ];
  },
});
