// Repeats training steps on one fixed batch and keeps what each step computed.

import type { Replay, ReplayStep } from "../engine.ts";
import { Arena } from "./arena.ts";
import { borrowKernels, type Kernels, returnKernels } from "./kernels.ts";
import { SimdNetwork } from "./simd-network.ts";

export function replaySteps(recording: Replay): ReplayStep[] {
  const kernels = borrowKernels();
  try {
    return replayOn(kernels, recording);
  } finally {
    returnKernels(kernels);
  }
}

function replayOn(kernels: Kernels, recording: Replay): ReplayStep[] {
  const { network, hyper, trainingSeed = 0, batch, x, y, parameters, steps } = recording;
  const arena = new Arena(kernels.memory);
  const net = new SimdNetwork(kernels, arena, { network, hyper, trainingSeed }, batch);
  for (let row = 0; row < batch; row++) {
    arena
      .floats(net.inputs + row * net.inputBytes, network.inputs)
      .set(x.subarray(row * network.inputs, (row + 1) * network.inputs));
  }
  arena.floats(net.labels, batch).set(y);
  if (recording.sampleWeight) arena.floats(net.sampleWeight, batch).set(recording.sampleWeight);
  net.parameters.write(parameters);
  return Array.from({ length: steps }, () => {
    net.evaluate(batch, net.inputs, net.labels, "training");
    net.backward(batch);
    const before = {
      dataLoss: net.dataLoss,
      regularizationLoss: net.regularizationLoss,
      logits: net.readLogits(batch),
      gradients: net.parameters.readGradients(),
    };
    net.update();
    return { ...before, parametersAfter: net.parameters.read() };
  });
}
