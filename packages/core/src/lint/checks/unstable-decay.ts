// unstable-decay: each step multiplies the weights by 1 - rate x decay, whatever the data says.
// Beyond 2 that factor is below -1 and the weights grow without end; near 1 they are wiped out.

import { learningRateAt } from "../../compile/learning-rate-at.ts";
import { shortNumber, withMinus } from "../../shared/number-text.ts";
import type { Variant } from "../../spec/spec.ts";
import { blocksOf, placeOf } from "../blocks.ts";
import { changeLayers, setTraining } from "../interventions.ts";
import { lintCheck, type Observation } from "../lint-check.ts";

export const unstableDecay = lintCheck({
  id: "unstable-decay",
  title: "Weight decay that makes the weights grow: |1 - rate x decay| > 1",
  reads: ["shape"],
  examine(variant, { shape }) {
    const { learningRate, optimizer } = variant.train;
    const rate = typeof learningRate === "number" ? learningRate : learningRateAt(learningRate, 0);
    const seen: Observation[] = [];
    const decoupled = rate * optimizer.weightDecay;
    if (decoupled > 2) {
      seen.push(
        observation(
          "train.optimizer.weightDecay",
          `rate ${rate} x weightDecay ${optimizer.weightDecay}`,
          1 - decoupled,
          {
            ...setTraining("less-decay", "take a weight decay of 0.004, AdamW's default", {
              optimizer: { weightDecay: 0.004 },
            }),
          },
        ),
      );
    }
    // The penalty l2 w^2 has the gradient 2 l2 w; only plain steps are proportional to it.
    if (optimizer.name !== "sgd") return seen;
    const strong = blocksOf(variant.model, shape.inputs).filter(
      ({ layer }) => 2 * rate * layer.kernelRegularizer.l2 > 2,
    );
    if (strong.length === 0) return seen;
    const { l2 } = strong[0].layer.kernelRegularizer;
    const fix = changeLayers(
      variant,
      { id: "less-l2", says: "take an l2 of 0.0001" },
      weaker(strong.map(({ index }) => index)),
    );
    const where = strong.map(({ index }) => placeOf(index)).join(", ");
    return [...seen, observation(where, `2 x rate ${rate} x l2 ${l2}`, 1 - 2 * rate * l2, fix)];
  },
});

function weaker(places: readonly number[]) {
  return (layer: Variant["model"]["layers"][number], i: number) =>
    layer.type === "dense" && places.includes(i)
      ? { ...layer, kernelRegularizer: { ...layer.kernelRegularizer, l2: 1e-4 } }
      : layer;
}

function observation(
  where: string,
  product: string,
  factor: number,
  intervention: NonNullable<Observation["interventions"]>[number],
): Observation {
  const text = withMinus(shortNumber(factor));
  return {
    severity: "error",
    where,
    says: `Each step multiplies the weights by ${text} before the data has a say, so they grow without end.`,
    evidence: [`1 − ${product} = ${text} (limit −1)`],
    interventions: [intervention],
  };
}
