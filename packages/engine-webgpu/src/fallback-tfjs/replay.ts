// Repeats training steps of one network on one fixed batch and keeps what each step computed.

import type { Replay, ReplayStep } from "@convergence-lab/core";
import { type Tensor, tensor2d, tensor3d, tidy } from "@tensorflow/tfjs-core";
import type { StartedBackend } from "./backend.ts";
import { Population } from "./population.ts";

export async function replaySteps(
  recording: Replay,
  backend: StartedBackend,
): Promise<ReplayStep[]> {
  const { network, hyper, batch, x, y, parameters, steps } = recording;
  backend.use();
  const population = new Population(network, [hyper], Float32Array.from(parameters));
  const inputs = tensor3d(Float32Array.from(x), [1, batch, network.inputs]);
  const labels = tensor2d(Float32Array.from(y), [1, batch]);
  const results: ReplayStep[] = [];
  for (let step = 0; step < steps; step++) {
    backend.use();
    const { gradients, logits, dataLoss, regularizationLoss } = tidy(() => {
      const evaluation = population.evaluate(inputs, labels, true);
      const gradients = evaluation.gradients();
      population.update(gradients);
      const { logits, dataLoss, regularizationLoss } = evaluation;
      return { gradients, logits, dataLoss, regularizationLoss };
    });
    results.push({
      dataLoss: (await take(dataLoss))[0],
      regularizationLoss: (await take(regularizationLoss))[0],
      logits: await take(logits),
      gradients: await take(gradients),
      parametersAfter: (await population.parameters.data()) as Float32Array,
    });
  }
  inputs.dispose();
  labels.dispose();
  population.dispose();
  return results;
}

async function take(tensor: Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
