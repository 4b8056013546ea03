// What every frame of the population kernel declares: its tables, its bindings, and where a network
// is in its training.

import type { KernelShape } from "./kernel-shape.ts";
import { MAX_NETWORKS, type MemoryLayout } from "./memory-layout.ts";
import { networkStructWgsl } from "./network-fields.ts";

/** Values of `Progress.status`. One that fails is diverged as soon as it is known why. */
export const Status = { running: 0, complete: 1, diverged: 2, failing: 3 } as const;

export function declarationsWgsl(
  { network, batchSize, features, probes, plan, isCaptured }: KernelShape,
  layout: MemoryLayout,
): string {
  const infers = layout.probes?.work.infers ?? false;
  return /* wgsl */ `
struct Dispatch {
  /** Batches that each network goes on by. */
  batches: u32,
  /** Epochs that the ring of curves holds per network. */
  ringEpochs: u32,
  /** Of the list behind. */
  networks: u32,
  /** The network of each workgroup: those that still train, four to an entry. */
  alive: array<vec4u, ${MAX_NETWORKS / 4}>,
}

${networkStructWgsl(network, features, probes !== undefined)}
struct Progress {
  epoch: u32,
  /** Within the epoch; those of the test part follow those of the training part. */
  batch: u32,
  step: u32,
  status: u32,
  /** Sums over the samples of the epoch so far. */
  trainLoss: f32,
  trainCorrect: u32,
  testLoss: f32,
  testCorrect: u32,
  // Callbacks, from the end of the first epoch on.
  /** What the planned learning rate is multiplied by. */
  rateFactor: f32,
  plateauBest: f32,
  plateauWait: u32,
  plateauCooldown: u32,
  stoppingBest: f32,
  stoppingWait: u32,
  /** Of the epoch that has just ended. */
  isBest: u32,
  stops: u32,
}

@group(0) @binding(0) var<uniform> dispatch: Dispatch;
@group(0) @binding(1) var<storage, read> networks: array<Network>;
@group(0) @binding(2) var<storage, read> data: array<vec4f>;
@group(0) @binding(3) var<storage, read> rates: array<f32>;
@group(0) @binding(4) var<storage, read_write> populationParameters: array<array<vec4f, ${layout.networkBlocks}>>;
@group(0) @binding(5) var<storage, read_write> progress: array<Progress>;
/** Loss, accuracy, validation loss, validation accuracy of each epoch. */
@group(0) @binding(6) var<storage, read_write> curves: array<vec4f>;
${
  plan.values === "workgroup"
    ? `var<workgroup> populationValues: array<array<vec4f, ${layout.valueBlocks}>, ${plan.networksPerWorkgroup ?? 1}>;`
    : `@group(0) @binding(7) var<storage, read_write> populationValues: array<array<vec4f, ${layout.valueBlocks}>>;`
}
${isCaptured ? "@group(0) @binding(8) var<storage, read_write> captures: array<vec4f>;" : ""}
${probes ? "@group(0) @binding(9) var<storage, read_write> probes: array<u32>;" : ""}

var<private> networkIndex: u32;
/** Where this workgroup's values lie: in workgroup memory there are no others. */
var<private> valueSlot: u32;

/** The batch that a network is at. */
struct Batch {
  epoch: u32,
  step: u32,
  isTraining: bool,
  isFirstOfEpoch: bool,
  isLastOfEpoch: bool,
${probes ? "  /** Whether the signals of this step are asked for. */\n  isProbed: bool,\n" : ""}${infers ? "  /** The training part once more, to see what the network has become. */\n  isInference: bool,\n" : ""}  /** Rows of its part, its first among them, and its number. */
  partRows: u32,
  first: u32,
  rows: u32,
  /** Tiles are up to two blocks wide; what the rows do not fill has weight 0. */
  activeBlocks: u32,
}
var<private> at: Batch;

/** From the first words of a network's progress. */
fn batchAt(index: u32, now: vec4u) -> Batch {
  let trainRows = networks[index].trainRows;
  let testRows = networks[index].testRows;
  let trainBatches = (trainRows + ${batchSize - 1}u) / ${batchSize}u;
  let testBatches = (testRows + ${batchSize - 1}u) / ${batchSize}u;
  let batch = now.y;
  let isTraining = batch < trainBatches;
${infers ? `  let isInference = batch >= trainBatches + testBatches;\n` : ""}  let partRows = select(testRows, trainRows, isTraining${infers ? " || isInference" : ""});
  let first = ${batchSize}u * ${
    infers
      ? "select(select(batch - trainBatches, batch, isTraining), batch - trainBatches - testBatches, isInference)"
      : "select(batch - trainBatches, batch, isTraining)"
  };
  let rows = min(${batchSize}u, partRows - first);
  let activeBlocks = min((rows + 7u) / 8u * 2u, ${layout.batchBlocks}u);
  let isLastOfEpoch = batch + 1u == trainBatches + testBatches${infers ? " + trainBatches" : ""};
${probes ? "  let isProbed = isTraining && now.z % networks[index].everySteps == 0u;\n" : ""}  return Batch(now.x, now.z, isTraining, batch == 0u, isLastOfEpoch, ${probes ? "isProbed, " : ""}${infers ? "isInference, " : ""}partRows, first, rows, activeBlocks);
}

// How far the tensors of a repeated layer lie behind those of the first.
var<private> repeated: u32;
var<private> parameterOffset: u32;
var<private> valueOffset: u32;

fn moveTo(repetition: u32, parameterStride: u32, valueStride: u32) {
  repeated = repetition;
  parameterOffset = repetition * parameterStride;
  valueOffset = repetition * valueStride;
}

/** Which of a block's four samples the batch has. */
fn isInBatch(block: u32) -> vec4<bool> {
  return vec4u(4u * block) + vec4u(0u, 1u, 2u, 3u) < vec4u(at.rows);
}

fn sumOfFour(x: vec4f) -> f32 { return (x.x + x.y) + (x.z + x.w); }
`;
}
