// linear-hidden-layers: dense layers with nothing between them that bends. Together they are one
// dense layer, so the network can only draw straight boundaries.

import { type DenseBlock, hasFeatures, hiddenBlocks, placeOf } from "../blocks.ts";
import { changeLayers, withActivation } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const linearHiddenLayers = lintCheck({
  id: "linear-hidden-layers",
  title: "No activation between dense layers",
  reads: ["shape"],
  examine(variant, { shape }) {
    const hidden = hiddenBlocks(variant.model, shape.inputs);
    const linear = hidden.filter((block) => !bends(block));
    if (linear.length === 0) return [];
    const places = linear.map(({ index }) => index);
    // Layers over images, steps and tokens have activations of their own.
    const all = linear.length === hidden.length && hasFeatures(variant.model);
    return [
      {
        // A linear bottleneck among layers that bend is a design, not a mistake.
        severity: all ? "warning" : "note",
        where: linear.map(({ index }) => placeOf(index)).join(", "),
        says: all
          ? `No hidden layer has an activation, so the ${hidden.length + 1} dense layers together are one and can only draw straight boundaries.`
          : `${linear.length} of ${hidden.length} hidden layers have no activation and add nothing that the next could not do.`,
        evidence: [`${linear.length} of ${hidden.length} hidden layers are linear`],
        interventions: [
          changeLayers(
            variant,
            { id: "relu-hidden", says: "give the linear hidden layers relu" },
            (layer, i) => (places.includes(i) ? withActivation(layer, "relu") : layer),
          ),
        ],
      },
    ];
  },
});

/** Batch normalization is linear; layer normalization is not. */
function bends({ activations, after }: DenseBlock): boolean {
  return activations.length > 0 || after.some(({ layer }) => layer.type === "layerNormalization");
}
