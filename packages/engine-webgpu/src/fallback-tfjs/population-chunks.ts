// Which networks of a bucket are trained as one: those whose parts are equally long, so that they
// have the same batches, and no more than fit.

import type { Bucket, Layer } from "@convergence-lab/core";
import { sizeOf } from "./layers/layer.ts";
import type { Member } from "./train-population.ts";

/**
 * Numbers in the largest tensor of a population. A step of Adam holds about 16 tensors of the
 * parameters' size, which at 32 MiB each stays far below the 2 GiB where tfjs-wasm's heap ends, and
 * each below the 128 MiB that WebGPU binds by default.
 */
const LARGEST_TENSOR = 2 ** 23;

export function populationChunks(
  { network, batchSize }: Bucket,
  members: readonly Member[],
): Member[][] {
  const widest = Math.max(network.inputs, ...network.layers.map(numbersPerSample));
  const perNetwork = Math.max(network.layout.size, batchSize * widest);
  const capacity = Math.max(1, Math.floor(LARGEST_TENSOR / perNetwork));
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const { train, test } = member.dataset;
    const key = `${train.rows} ${test.rows}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(member);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / capacity) }, (_, i) =>
      group.slice(i * capacity, (i + 1) * capacity),
    ),
  );
}

/** Of the largest tensor that a layer makes; a convolution lays its windows out as columns. */
function numbersPerSample({ inputs, units, transform }: Layer): number {
  if (transform === undefined || !("kernelSize" in transform)) return Math.max(inputs, units);
  const { kernelSize, inputShape, outputShape } = transform;
  const windows = outputShape.slice(0, -1);
  const columns = sizeOf([...kernelSize, inputShape[inputShape.length - 1], ...windows]);
  return Math.max(units, columns);
}
