// Repeats training steps on one fixed batch and keeps what each step computed.

import type { Replay, ReplayStep } from "../engine.ts";
import type { Precision } from "./tensor.ts";
import { TrainStep } from "./train-step.ts";

export function replaySteps(recording: Replay, precision: Precision): ReplayStep[] {
  const { network, hyper, trainingSeed = 0, batch, x, y, parameters, steps } = recording;
  const step = new TrainStep({ network, hyper, trainingSeed }, batch, parameters, precision);
  step.inputs.set(x);
  step.labels.set(y);
  if (recording.sampleWeight) step.sampleWeight.set(recording.sampleWeight);
  return Array.from({ length: steps }, () => {
    step.evaluate(batch, "training");
    step.backward(batch);
    const before = {
      dataLoss: step.dataLoss,
      regularizationLoss: step.regularizationLoss,
      logits: step.logits.slice(),
      gradients: step.gradients.slice(),
    };
    step.update();
    return { ...before, parametersAfter: step.parameters.slice() };
  });
}
