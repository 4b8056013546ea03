// head-activation: the head's outputs are not what the loss reads. A cross-entropy reads
// probabilities unless it is told logits; outside 0 to 1 they are clipped and pass no gradient.

import { headOf } from "../../spec/head.ts";
import { headActivation, placeOf } from "../blocks.ts";
import { fittingHead, type HeadFix, setHead } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Outputs that lie between 0 and 1. */
const PROBABILITIES: readonly string[] = ["sigmoid", "hardSigmoid", "softmax"];

export const headActivationCheck = lintCheck({
  id: "head-activation",
  title: "The head's activation does not fit the loss",
  reads: ["shape"],
  examine(variant, { shape }) {
    const { model, train } = variant;
    const activation = headActivation(model);
    const { layer, index } = headOf(model);
    const { name, fromLogits } = train.loss;
    const { units } = layer;
    const where = placeOf(index);
    const evidence = [
      `head: ${units} units, ${activation}; loss ${name}${fromLogits ? " from logits" : ""}`,
    ];
    const isCategorical = /categorical/i.test(name);
    const fix: HeadFix =
      units === 1
        ? fittingHead(2)
        : { units, activation: isCategorical ? "softmax" : "sigmoid", loss: name };
    const interventions = [setHead(variant, fix)];
    // softmax-on-one-unit and head-units speak of a single output that cannot be meant.
    if (units === 1 && (activation === "softmax" || isCategorical || shape.classes > 2)) return [];
    if (/crossentropy/i.test(name) && !PROBABILITIES.includes(activation) && !fromLogits) {
      const says =
        activation === "linear"
          ? `${name} reads probabilities, but the head is linear: outputs below 0 or above 1 are clipped and pass no gradient.`
          : `${name} reads probabilities, but the head ends in ${activation}, whose outputs leave 0 to 1; there they are clipped and pass no gradient.`;
      const logits = {
        id: "from-logits",
        says: "tell the loss that it gets logits",
        patch: { train: { loss: { fromLogits: true } } },
      };
      const fixes = activation === "linear" ? [...interventions, logits] : interventions;
      return [{ severity: "error", where, says, evidence, interventions: fixes }];
    }
    if (fromLogits && activation !== "linear" && !PROBABILITIES.includes(activation)) {
      const says = `The loss reads logits, but the head ends in ${activation}, which ${activation === "relu" ? "cuts off every negative one" : "bends them"}.`;
      const severity = activation === "relu" || activation === "tanh" ? "warning" : "note";
      const plain = setHead(variant, fix);
      const patch = { ...plain.patch, train: { loss: { name, fromLogits: false } } };
      return [{ severity, where, says, evidence, interventions: [{ ...plain, patch }] }];
    }
    if (name === "hinge" && PROBABILITIES.includes(activation)) {
      const says = `hinge wants outputs of -1 and 1, but ${activation} gives none below 0.`;
      return [{ severity: "note", where, says, evidence }];
    }
    // The shares of sigmoid outputs train as well as softmax in two clean controls of the benchmark.
    if (isCategorical && activation === "sigmoid" && units > 1) {
      const says = `${units} sigmoid outputs are answered one by one, but each row has one class; softmax makes them one answer.`;
      return [{ severity: "note", where, says, evidence, interventions }];
    }
    if (/^binary/.test(name) && units > 1 && shape.classes > 2) {
      const says = `${name} scores ${units} outputs one by one, though each row has one class.`;
      const softmax = setHead(variant, fittingHead(units));
      return [{ severity: "note", where, says, evidence, interventions: [softmax] }];
    }
    return [];
  },
});
