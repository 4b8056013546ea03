// Repeats training steps on one fixed batch with a kernel that writes out what each step computed.

import type { Replay, ReplayStep } from "@convergence-lab/core";
import { withinMemory } from "./device/buffers.ts";
import type { Gpu } from "./device/request-device.ts";
import type { KernelCache } from "./kernels/train-population/kernel-cache.ts";
import { kernelFeatures } from "./kernels/train-population/kernel-shape.ts";
import { captureLayout } from "./kernels/train-population/memory-layout.ts";
import { uploadData } from "./population/data-buffer.ts";
import { Population, type PopulationOptions } from "./population/population.ts";
import { RateTable } from "./population/rate-table.ts";
import { requireSupported } from "./supported-network.ts";

/** @throws GpuError GPU_UNSUPPORTED_NETWORK */
export async function replaySteps(
  gpu: Gpu,
  kernels: KernelCache,
  { network, hyper, trainingSeed = 0, batch, x, y, sampleWeight, parameters, steps }: Replay,
): Promise<ReplayStep[]> {
  requireSupported(network, hyper);
  const kernel = await kernels.get({
    network,
    batchSize: batch,
    shuffle: false,
    features: kernelFeatures(hyper),
    isCaptured: true,
  });
  const train = {
    rows: batch,
    x: Float32Array.from(x),
    y: Float32Array.from(y),
    ...(sampleWeight ? { sampleWeight: Float32Array.from(sampleWeight) } : {}),
  };
  const test = { rows: 0, x: new Float32Array(), y: new Float32Array() };
  const data = await uploadData(gpu, [{ train, test }], [network.inputs]);
  const rates = new RateTable();
  const source: PopulationOptions = {
    members: [
      {
        run: 0,
        trainingSeed,
        hyper,
        data: data.places[0],
        rates: rates.place(network.optimizer, hyper, steps),
        initialParameters: () => parameters,
        plannedSteps: steps,
        batchesPerEpoch: 1,
        hasTestPart: false,
      },
    ],
    epochs: steps,
    rates: rates.values(),
    data: data.buffer,
    ringEpochs: 1,
    capturedSteps: steps,
  };
  const population = await withinMemory(
    gpu,
    (buffers) => new Population(gpu, kernel, buffers, source),
  );
  try {
    // One step per dispatch: a step may be long, and there are few.
    for (let step = 0; step < steps; step++) await population.advance(1);
    const captured = await population.captures();
    const { logits, gradients, parametersAfter, stepBlocks } = captureLayout(kernel.layout);
    const outputs = network.layers[network.layers.length - 1].units;
    return Array.from({ length: steps }, (_, step) => {
      const blocks = captured.subarray(4 * stepBlocks * step, 4 * stepBlocks * (step + 1));
      return {
        dataLoss: blocks[0],
        regularizationLoss: blocks[1],
        logits: byRow(blocks.subarray(4 * logits), batch, outputs),
        gradients: population.unpack(blocks.subarray(4 * gradients)),
        parametersAfter: population.unpack(blocks.subarray(4 * parametersAfter)),
      };
    });
  } finally {
    population.destroy();
    data.buffer.destroy();
  }
}

/** From (outputs, batch rounded up to blocks) to (batch, outputs). */
function byRow(transposed: Float32Array, batch: number, outputs: number): Float32Array {
  const stride = 4 * Math.ceil(batch / 4);
  return Float32Array.from(
    { length: batch * outputs },
    (_, i) => transposed[(i % outputs) * stride + Math.floor(i / outputs)],
  );
}
