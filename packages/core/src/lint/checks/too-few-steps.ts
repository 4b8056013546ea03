// too-few-steps: all steps together cannot carry a weight far enough. A step of Adam and its kin is
// at most about the learning rate, whatever the gradient (Kingma and Ba 2015, section 2.1); a step
// of SGD is at most the rate times a gradient that is below 1 for inputs of unit scale.

import { learningRateTable } from "../../compile/learning-rate-at.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { setTraining } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

/** Adaptive optimizers: Glorot's weights of 64 units on 20 inputs are 0.15 in size. */
const MIN_ADAPTIVE_REACH = 0.1;
/** SGD: time on the gradient flow; a logistic unit's weight grows by 1/2 per unit of it at most. */
const MIN_FLOW_TIME = 2;
/** Their steps have another size, or none that follows from the rate. */
const UNKNOWN: readonly string[] = ["adagrad", "adadelta"];

export const tooFewSteps = lintCheck({
  id: "too-few-steps",
  title: "All steps together cannot carry a weight far",
  reads: ["shape"],
  examine({ train }, { shape }) {
    const { optimizer, epochs, batchSize, learningRate } = train;
    if (UNKNOWN.includes(optimizer.name)) return [];
    const perEpoch = Math.ceil(shape.rows / batchSize);
    const steps = epochs * perEpoch;
    const sum =
      typeof learningRate === "number"
        ? learningRate * steps
        : learningRateTable(learningRate, steps).reduce((total, rate) => total + rate, 0);
    const momentum = "momentum" in optimizer ? optimizer.momentum : 0;
    const reach = sum / (1 - momentum);
    const limit = optimizer.name === "sgd" ? MIN_FLOW_TIME : MIN_ADAPTIVE_REACH;
    if (reach >= limit) return [];
    // Ten times the limit: far enough for a network that learns at all.
    const longer = Math.ceil((epochs * 10 * limit) / reach);
    const adaptive = optimizer.name !== "sgd";
    const faster = Math.min((10 * limit) / reach, 100);
    const interventions = [
      setTraining("more-epochs", `train for ${longer} epochs`, {
        epochs: Math.min(longer, 1_000_000),
      }),
    ];
    if (typeof learningRate === "number") {
      const rate = Number(Math.min(learningRate * faster, adaptive ? 0.01 : 0.1).toPrecision(2));
      if (rate > learningRate) {
        interventions.push(
          setTraining("learning-rate", `take a learning rate of ${rate}`, { learningRate: rate }),
        );
      }
    }
    if (!adaptive) {
      interventions.push(
        setTraining("adam", "train with adam at 0.001", { optimizer: "adam", learningRate: 0.001 }),
      );
    }
    return [
      {
        severity: "warning",
        where: "train",
        says: adaptive
          ? `${steps} steps of ${optimizer.name} move no weight by more than about ${shortNumber(reach)}; the network ends close to where it starts.`
          : `${steps} steps of sgd add up to ${shortNumber(reach)} units of gradient flow; the network ends close to where it starts.`,
        evidence: [
          `${epochs} epochs of ${perEpoch} steps; learning rates${momentum > 0 ? " over 1 - momentum" : ""} sum to ${shortNumber(reach)} (limit ${limit})`,
        ],
        interventions,
      },
    ];
  },
});
