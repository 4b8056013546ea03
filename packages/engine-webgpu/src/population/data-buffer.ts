// All datasets of a plan in one buffer, each once. Rows are padded to blocks of four features;
// labels follow, four to a block, then the rows' own weights where a part has them.

import type { Dataset, Part } from "@convergence-lab/core";
import { withinMemory } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import { blocks } from "../kernels/train-population/memory-layout.ts";

/** Offsets in blocks. */
export interface PlacedDataset {
  readonly trainRows: number;
  readonly testRows: number;
  readonly trainInputs: number;
  readonly trainLabels: number;
  readonly testInputs: number;
  readonly testLabels: number;
  /** Of a part without weights: what stands there is not read. */
  readonly trainWeights: number;
  readonly testWeights: number;
}

type Rows = Pick<Dataset, "train" | "test">;

export interface UploadedData {
  readonly buffer: GPUBuffer;
  /** In the order in which the datasets were given. */
  readonly places: readonly PlacedDataset[];
}

/**
 * @param inputs `inputs[i]` is the number of features of `datasets[i]`.
 * @throws GpuError GPU_OUT_OF_MEMORY, GPU_TOO_LARGE
 */
export function uploadData(
  gpu: Gpu,
  datasets: readonly Rows[],
  inputs: readonly number[],
): Promise<UploadedData> {
  const { values, places } = packData(datasets, inputs);
  return withinMemory(gpu, (buffers) => {
    const fill = (content: ArrayBuffer) => new Float32Array(content).set(values);
    return { buffer: buffers.filled("data", values.byteLength, fill), places };
  });
}

interface PackedData {
  readonly values: Float32Array;
  readonly places: readonly PlacedDataset[];
}

export function packData(datasets: readonly Rows[], inputs: readonly number[]): PackedData {
  let next = 0;
  const take = (count: number) => {
    next += count;
    return next - count;
  };
  const places = datasets.map(({ train, test }, i): PlacedDataset => {
    const rowBlocks = blocks(inputs[i]);
    return {
      trainRows: train.rows,
      testRows: test.rows,
      trainInputs: take(train.rows * rowBlocks),
      trainLabels: take(blocks(train.rows)),
      testInputs: take(test.rows * rowBlocks),
      testLabels: take(blocks(test.rows)),
      trainWeights: take(train.sampleWeight ? blocks(train.rows) : 0),
      testWeights: take(test.sampleWeight ? blocks(test.rows) : 0),
    };
  });
  const values = new Float32Array(4 * Math.max(next, 1));
  datasets.forEach(({ train, test }, i) => {
    const place = places[i];
    packPart(values, train, inputs[i], place.trainInputs, place.trainLabels, place.trainWeights);
    packPart(values, test, inputs[i], place.testInputs, place.testLabels, place.testWeights);
  });
  return { values, places };
}

function packPart(
  values: Float32Array,
  { rows, x, y, sampleWeight }: Part,
  inputs: number,
  firstInput: number,
  firstLabel: number,
  firstWeight: number,
): void {
  const rowBlocks = blocks(inputs);
  for (let row = 0; row < rows; row++) {
    const to = 4 * (firstInput + row * rowBlocks);
    for (let i = 0; i < inputs; i++) values[to + i] = x[row * inputs + i];
    values[4 * firstLabel + row] = y[row];
  }
  if (sampleWeight) values.set(sampleWeight, 4 * firstWeight);
}
