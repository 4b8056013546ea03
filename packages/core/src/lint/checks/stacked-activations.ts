// stacked-activations: two activations on one layer, or softmax on a hidden one. relu before softmax
// cuts off every negative logit; softmax in the middle makes its units share a sum of 1.

import { blocksOf, placeOf } from "../blocks.ts";
import { changeLayers, withActivation } from "../interventions.ts";
import { lintCheck, type Observation } from "../lint-check.ts";

export const stackedActivations = lintCheck({
  id: "stacked-activations",
  title: "Two activations on one layer, or softmax on a hidden one",
  reads: ["shape"],
  examine(variant, { shape }) {
    const blocks = blocksOf(variant.model, shape.inputs);
    return blocks.flatMap(({ activations, layer }, b): Observation[] => {
      const isHead = b === blocks.length - 1;
      const names = activations.map(({ name }) => name);
      if (activations.length > 1) {
        const [first] = activations;
        return [
          {
            severity: "warning",
            where: placeOf(first.index),
            says: `${names.join(" and then ")} act on the same ${layer.units} units; the first takes away what the second needs.`,
            evidence: [`${names.length} activations: ${names.join(", ")}`],
            interventions: [
              changeLayers(
                variant,
                { id: "one-activation", says: `keep ${names[names.length - 1]} only` },
                (each, i) => {
                  if (i !== first.index) return each;
                  return each.type === "dense" ? { ...each, activation: "linear" as const } : null;
                },
              ),
            ],
          },
        ];
      }
      if (isHead || names[0] !== "softmax") return [];
      return [
        {
          severity: "warning",
          where: placeOf(activations[0].index),
          says: `Softmax on a hidden layer makes its ${layer.units} units share a sum of 1, so next to nothing gets through.`,
          evidence: [`mean output 1 / ${layer.units}`],
          interventions: [
            changeLayers(variant, { id: "relu-hidden", says: "use relu there" }, (each, i) =>
              i === activations[0].index ? withActivation(each, "relu") : each,
            ),
          ],
        },
      ];
    });
  },
});
