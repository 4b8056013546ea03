// Repeats training steps of one network on one fixed batch and keeps what each step computed.

import type { Replay, ReplayStep } from "@convergence-lab/core";
import { type Tensor, tensor2d, tensor3d, tidy } from "@tensorflow/tfjs-core";
import type { StartedBackend } from "./backend.ts";
import { type Batch, disposeBatch, lossWeights } from "./batches.ts";
import { Population } from "./population.ts";

export async function replaySteps(
  recording: Replay,
  backend: StartedBackend,
): Promise<ReplayStep[]> {
  const { network, hyper, trainingSeed = 0, batch, x, y, parameters, steps } = recording;
  backend.use();
  const population = new Population(
    network,
    [{ hyper, trainingSeed }],
    Float32Array.from(parameters),
  );
  const labels = Float32Array.from(y);
  const data: Batch = {
    inputs: tensor3d(Float32Array.from(x), [1, batch, network.inputs]),
    labels: tensor2d(labels, [1, batch]),
    weights: lossWeights(
      labels,
      recording.sampleWeight ? Float32Array.from(recording.sampleWeight) : null,
      1,
      [hyper.classWeight],
    ),
  };
  const results: ReplayStep[] = [];
  for (let step = 0; step < steps; step++) {
    backend.use();
    const made = tidy(() => {
      const evaluation = population.evaluate(data, true);
      const gradients = evaluation.gradients();
      population.update(evaluation, gradients);
      const { logits, dataLoss, regularizationLoss } = evaluation;
      const parametersAfter = population.parameters();
      return { gradients, logits, dataLoss, regularizationLoss, parametersAfter };
    });
    const gradients = new Float32Array(network.layout.size);
    gradients.set(await take(made.gradients));
    results.push({
      dataLoss: (await take(made.dataLoss))[0],
      regularizationLoss: (await take(made.regularizationLoss))[0],
      logits: await take(made.logits),
      gradients,
      parametersAfter: await take(made.parametersAfter),
    });
  }
  disposeBatch(data);
  population.dispose();
  return results;
}

async function take(tensor: Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
