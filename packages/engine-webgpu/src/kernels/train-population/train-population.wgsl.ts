// The persistent population kernel: a workgroup trains one network for many batches in one dispatch.
//
//   rows        which rows the batch is made of, by the epoch's keyed permutation
//   load        inputs and labels, transposed to blocks over the batch
//   forward     layer after layer
//   loss        per sample, with dPreActivation of the last layer
//   totals      the batch's loss; one that is not finite freezes the network
//   backward    layer after layer: dInput, then gradients of kernel and bias
//   update      the optimizer
//
// The batches of the test part follow those of the training part, without the last two. A barrier
// separates the passes; nothing crosses workgroups. Where everything lies: memory-layout.ts.

import type { Layer } from "@convergence-lab/core";
import { PERMUTATION_ROUNDS } from "@convergence-lab/core";
import {
  activationSource,
  activationsWgsl,
  type ElementwiseActivation,
} from "../activation/activation.wgsl.ts";
import { softmaxGradientWgsl, softmaxWgsl } from "../activation/softmax.wgsl.ts";
import { isFromLogits, lossWgsl } from "../loss/loss.wgsl.ts";
import { mathWgsl } from "../math.wgsl.ts";
import { openNetwork } from "../network-memory.wgsl.ts";
import { optimizerWgsl } from "../optimizer/optimizer.wgsl.ts";
import { randomWgsl } from "../random.wgsl.ts";
import type { DenseSite } from "./dense-passes.ts";
import { densePlain } from "./dense-plain.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { type LayerGroup, layerGroups } from "./layer-groups.ts";
import {
  captureLayout,
  type LayerLayout,
  MAX_NETWORKS,
  type MemoryLayout,
  memoryLayout,
  PENALTY_PARTS,
} from "./memory-layout.ts";
import { denseTiled } from "./variants/dense-tiled.wgsl.ts";

/** Values of `Progress.status`. */
export const Status = { running: 0, complete: 1, diverged: 2 } as const;

export function trainPopulationWgsl(shape: KernelShape): string {
  const { network, batchSize, plan, isCaptured, isPenalized } = shape;
  const layout = memoryLayout(network, batchSize);
  const dense = plan.dense === "plain" ? densePlain : denseTiled(plan.dense);
  const groups = layerGroups(network, layout);
  const layers = groups.map((group) => layerSource(shape, layout, group));
  const last = layers[layers.length - 1];
  const elementwise = network.layers
    .map(({ activation }) => activation)
    .filter((name): name is ElementwiseActivation => name !== "softmax");
  return /* wgsl */ `
${declarationsWgsl(shape, layout)}
${randomWgsl}
${mathWgsl}
${activationsWgsl(elementwise)}
${batchWgsl(shape, layout)}
${layers.map((layer) => dense.forward(layer.site)).join("")}
${layers.map((layer) => layer.softmax).join("")}
${lossWgsl({
  loss: network.loss,
  activation: last.activation,
  units: last.layout.units,
  outputs: (unit) => last.outputs(unit, "block"),
  gradient: (unit) => last.site.gradient(unit, "block"),
  labels: `(*values)[${layout.labels}u + block]`,
  losses: `(*values)[${layout.losses}u + block]`,
  correct: `(*values)[${layout.correct}u + block]`,
})}
${isPenalized ? penaltyWgsl(shape, layout) : ""}
${layers
  .slice(1)
  .map((layer) => dense.inputGradient(layer.site))
  .join("")}
${layers.map((layer) => dense.parameterGradient(layer.site)).join("")}
${optimizerWgsl({
  kind: network.optimizer,
  workgroupSize: plan.workgroupSize,
  parameterBlocks: layout.parameterBlocks,
  slot: (slot, block) => `${slot * layout.parameterBlocks}u + ${block}`,
})}
${isCaptured ? captureWgsl(shape, layout) : ""}
${mainWgsl(shape, layout, groups, layers)}
`
    .replace(/\n{3,}/g, "\n\n")
    .trimStart();
}

function declarationsWgsl({ network, plan, isCaptured }: KernelShape, layout: MemoryLayout) {
  return /* wgsl */ `
struct Dispatch {
  /** Batches that each network goes on by. */
  batches: u32,
  /** Epochs that the ring of curves holds per network. */
  ringEpochs: u32,
  /** The network of each workgroup: those that still train, four to an entry. */
  alive: array<vec4u, ${MAX_NETWORKS / 4}>,
}

struct Network {
  seed: u32,
  epochs: u32,
  trainRows: u32,
  testRows: u32,
  // Offsets into data, in blocks.
  trainInputs: u32,
  trainLabels: u32,
  testInputs: u32,
  testLabels: u32,
  // First and last place in rates.
  firstLearningRate: u32,
  lastLearningRate: u32,
  firstCorrection: u32,
  lastCorrection: u32,
  momentum: f32,
  oneMinusBeta1: f32,
  oneMinusBeta2: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
  weightDecay: f32,
  /** L1 and L2 of each layer's kernel. */
  penalties: array<vec2f, ${network.layers.length}>,
}

struct Progress {
  epoch: u32,
  batch: u32,
  step: u32,
  status: u32,
  /** Sums over the samples of the epoch so far. */
  trainLoss: f32,
  trainCorrect: u32,
  testLoss: f32,
  testCorrect: u32,
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
    ? `var<workgroup> populationValues: array<array<vec4f, ${layout.valueBlocks}>, 1>;`
    : `@group(0) @binding(7) var<storage, read_write> populationValues: array<array<vec4f, ${layout.valueBlocks}>>;`
}
${isCaptured ? "@group(0) @binding(8) var<storage, read_write> captures: array<vec4f>;" : ""}

var<workgroup> permutation: array<vec2u, ${PERMUTATION_ROUNDS}>;
var<workgroup> place: vec4u;
var<workgroup> isFrozen: u32;

var<private> networkIndex: u32;
/** Where this workgroup's values lie: in workgroup memory there are no others. */
var<private> valueSlot: u32;
// How far the tensors of a repeated layer lie behind those of the first.
var<private> repeated: u32;
var<private> parameterOffset: u32;
var<private> valueOffset: u32;
${isCaptured ? "var<private> firstCapture: u32;" : ""}

fn moveTo(repetition: u32, parameterStride: u32, valueStride: u32) {
  repeated = repetition;
  parameterOffset = repetition * parameterStride;
  valueOffset = repetition * valueStride;
}

fn sumOfFour(x: vec4f) -> f32 { return (x.x + x.y) + (x.z + x.w); }
`;
}

interface LayerSource {
  readonly activation: Layer["activation"];
  readonly layout: LayerLayout;
  readonly site: DenseSite;
  readonly outputs: (unit: string, block: string) => string;
  /** Whether softmax passes follow forward and precede backward. */
  readonly hasSoftmaxPass: boolean;
  /** Functions of those passes. */
  readonly softmax: string;
}

function layerSource(
  shape: KernelShape,
  layout: MemoryLayout,
  { first: l, count }: LayerGroup,
): LayerSource {
  const [inValues, inParameters] = count > 1 ? ["valueOffset + ", "parameterOffset + "] : ["", ""];
  const { network, plan, isCaptured, isPenalized } = shape;
  const { batchBlocks, parameterBlocks } = layout;
  const place = layout.layers[l];
  const { activation } = network.layers[l];
  const isLast = l === network.layers.length - 1;
  const hasSoftmaxPass =
    activation === "softmax" && !(isLast && isFromLogits(network.loss, activation));
  const at = (region: number) => (feature: string, block: string) =>
    `${inValues}${region}u + (${feature}) * ${batchBlocks}u + ${block}`;
  const outputs = at(place.output);
  const gradient = at(place.gradient);
  const { bias } = place;
  const kernel = (input: string, unitBlock: string) =>
    `${inParameters}${place.kernel}u + (${input}) * ${place.unitBlocks}u + ${unitBlock}`;

  const finish = (unit: string, block: string, z: string): string => {
    const capture =
      isCaptured && isLast
        ? `captures[firstCapture + 1u + ${unit} * ${batchBlocks}u + ${block}] = ${z}; `
        : "";
    const output = `(*values)[${outputs(unit, block)}]`;
    if (activation === "softmax" || (isLast && isFromLogits(network.loss, activation))) {
      return `${capture}${output} = ${z};`;
    }
    const { slopeReadsActivation, keepsZero } = activationSource(activation);
    const isPadded = place.units % 4 !== 0;
    const mask = (value: string) =>
      isPadded ? `select(vec4f(), ${value}, ${unit} < ${place.units}u)` : value;
    const value = `activate_${activation}(${z})`;
    const masked = keepsZero ? value : mask(value);
    // The slopes of padding units would pass for gradients where the loss does not replace them.
    const slope = slopeReadsActivation
      ? ""
      : ` if (training) { (*values)[${gradient(unit, block)}] = ${mask(`slope_${activation}(${z})`)}; }`;
    return `${capture}${output} = ${masked};${slope}`;
  };

  const finishInputGradient = (input: string, block: string, d: string): string => {
    const before = network.layers[l - 1].activation;
    const target = `(*values)[${at(layout.layers[l - 1].gradient)(input, block)}]`;
    if (before === "softmax" || before === "linear") return `${target} = ${d};`;
    return activationSource(before).slopeReadsActivation
      ? `${target} = ${d} * slope_${before}((*values)[${at(place.input)(input, block)}]);`
      : `${target} *= ${d};`;
  };

  const finishKernelGradient = (input: string, unitBlock: string, d: string): string => {
    const index = kernel(input, unitBlock);
    const target = `(*parameters)[${index} + ${parameterBlocks}u]`;
    if (!isPenalized) return `${target} = ${d};`;
    return `{ let w = (*parameters)[${index}]; let penalty = networks[networkIndex].penalties[${l}u + repeated]; ${target} = ${d} + (penalty.x * sign(w) + 2.0 * penalty.y * w); }`;
  };

  return {
    activation,
    layout: place,
    outputs,
    hasSoftmaxPass,
    softmax: hasSoftmaxPass
      ? softmaxWgsl(`softmax${l}`, place.units, (unit) => outputs(unit, "block")) +
        softmaxGradientWgsl(
          `softmaxGradient${l}`,
          place.units,
          (unit) => outputs(unit, "block"),
          (unit) => gradient(unit, "block"),
        )
      : "",
    site: {
      inputs: place.inputs,
      inputBlocks: place.inputBlocks,
      units: place.units,
      unitBlocks: place.unitBlocks,
      batchBlocks,
      workgroupSize: plan.workgroupSize,
      name: (pass) => `${pass}${l}`,
      input: at(place.input),
      gradient,
      kernel,
      bias: bias === null ? null : (unitBlock) => `${inParameters}${bias}u + ${unitBlock}`,
      biasGradient:
        bias === null
          ? null
          : (unitBlock) => `${inParameters}${bias + parameterBlocks}u + ${unitBlock}`,
      finish,
      finishInputGradient,
      finishKernelGradient,
    },
  };
}

/** Which rows a batch is made of, and the rows themselves. */
function batchWgsl({ plan, shuffle }: KernelShape, layout: MemoryLayout): string {
  const { batchBlocks, layers } = layout;
  const { inputBlocks } = layers[0];
  const column = (c: string) =>
    `vec4f(${["a", "b", "c", "d"].map((row) => `${row}.${c}`).join(", ")})`;
  return /* wgsl */ `
${
  shuffle
    ? `fn drawPermutation(lane: u32, seed: u32, epoch: u32, count: u32) {
  for (var round = lane; round < ${PERMUTATION_ROUNDS}u; round += ${plan.workgroupSize}u) {
    permutation[round] = permutationKey(seed, epoch, count, round);
  }
}
`
    : ""
}
/** Rows of the batch that starts at first; samples beyond the part repeat its last row. */
fn chooseRows(lane: u32, activeBlocks: u32, first: u32, count: u32, shuffled: bool) {${openNetwork}
  for (var block = lane; block < activeBlocks; block += ${plan.workgroupSize}u) {
    var row = min(vec4u(first + 4u * block) + vec4u(0u, 1u, 2u, 3u), vec4u(count - 1u));
${
  shuffle
    ? `    if (shuffled) {
      for (var round = 0u; round < ${PERMUTATION_ROUNDS}u; round++) {
        row = swapOrNot(permutation[round], row, count);
      }
    }`
    : ""
}
    (*values)[${layout.rows}u + block] = vec4f(row);
  }
}

fn loadBatch(lane: u32, activeBlocks: u32, rows: u32, inputs: u32, labels: u32) {${openNetwork}
  for (var item = lane; item < ${(inputBlocks + 1) * batchBlocks}u; item += ${plan.workgroupSize}u) {
    let feature = item / ${batchBlocks}u;
    let block = item % ${batchBlocks}u;
    if (block >= activeBlocks) { continue; }
    let valid = vec4u(4u * block) + vec4u(0u, 1u, 2u, 3u) < vec4u(rows);
    let row = vec4u((*values)[${layout.rows}u + block]);
    if (feature == ${inputBlocks}u) {
      let label = vec4f(
        data[labels + row.x / 4u][row.x % 4u],
        data[labels + row.y / 4u][row.y % 4u],
        data[labels + row.z / 4u][row.z % 4u],
        data[labels + row.w / 4u][row.w % 4u],
      );
      (*values)[${layout.labels}u + block] = label;
    } else {
      let place = vec4u(inputs) + row * ${inputBlocks}u + feature;
      let a = select(vec4f(), data[place.x], valid.x);
      let b = select(vec4f(), data[place.y], valid.y);
      let c = select(vec4f(), data[place.z], valid.z);
      let d = select(vec4f(), data[place.w], valid.w);
      let to = ${layers[0].input}u + feature * ${4 * batchBlocks}u + block;
      (*values)[to] = ${column("x")};
      (*values)[to + ${batchBlocks}u] = ${column("y")};
      (*values)[to + ${2 * batchBlocks}u] = ${column("z")};
      (*values)[to + ${3 * batchBlocks}u] = ${column("w")};
    }
  }
}
`;
}

/** l1 sum |w| + l2 sum w^2 over the kernels, in parts. */
function penaltyWgsl({ plan }: KernelShape, { layers, penalties }: MemoryLayout): string {
  return /* wgsl */ `
fn sumPenalties(lane: u32) {${openNetwork}
  for (var part = lane; part < ${PENALTY_PARTS}u; part += ${plan.workgroupSize}u) {
    var sum = vec4f();
${layers
  .map(
    (
      { inputBlocks, unitBlocks, kernel },
      l,
    ) => `    let penalty${l} = networks[networkIndex].penalties[${l}];
    for (var i = part; i < ${4 * inputBlocks * unitBlocks}u; i += ${PENALTY_PARTS}u) {
      let w = (*parameters)[${kernel}u + i];
      sum += penalty${l}.x * abs(w) + penalty${l}.y * w * w;
    }`,
  )
  .join("\n")}
    (*values)[${penalties}u + part] = sum;
  }
}
`;
}

/** What a step computed, for a replay; the logits are written by the last layer's forward. */
function captureWgsl({ network, batchSize, plan }: KernelShape, layout: MemoryLayout): string {
  const { gradients, parametersAfter } = captureLayout(network, batchSize);
  return /* wgsl */ `
fn captureStep(lane: u32) {${openNetwork}
  for (var i = lane; i < ${layout.parameterBlocks}u; i += ${plan.workgroupSize}u) {
    captures[firstCapture + ${gradients}u + i] = (*parameters)[${layout.parameterBlocks}u + i];
    captures[firstCapture + ${parametersAfter}u + i] = (*parameters)[i];
  }
}
`;
}

function mainWgsl(
  shape: KernelShape,
  layout: MemoryLayout,
  groups: readonly LayerGroup[],
  layers: readonly LayerSource[],
): string {
  const { network, batchSize, shuffle, plan, isPenalized, isCaptured } = shape;
  const barrier =
    plan.values === "workgroup" ? "workgroupBarrier(); storageBarrier();" : "storageBarrier();";
  const forEachBlock = (call: string) =>
    `for (var block = lane; block < activeBlocks; block += ${plan.workgroupSize}u) { ${call} }`;

  /** Passes of each layer of a group, from the first to the last or the other way. */
  const forGroup = (
    { count, parameterStride, valueStride }: LayerGroup,
    order: "first to last" | "last to first",
    passes: readonly string[],
  ): string => {
    if (count === 1) return passes.join("\n    ");
    const at = order === "first to last" ? "r" : `(${count - 1}u - r)`;
    return `for (var r = 0u; r < ${count}u; r++) {
      moveTo(${at}, ${parameterStride}u, ${valueStride}u);
      ${passes.join("\n      ")}
    }
    moveTo(0u, 0u, 0u);`;
  };
  const forward = groups.map((group, i) => {
    const l = group.first;
    return forGroup(group, "first to last", [
      `forward${l}(lane, activeBlocks, isTraining);`,
      barrier,
      ...(layers[i].hasSoftmaxPass ? [forEachBlock(`softmax${l}(block);`), barrier] : []),
    ]);
  });
  const backward = groups.map((group, i) => {
    const l = group.first;
    return forGroup(group, "last to first", [
      ...(layers[i].hasSoftmaxPass ? [forEachBlock(`softmaxGradient${l}(block);`), barrier] : []),
      ...(l > 0 ? [`inputGradient${l}(lane, activeBlocks);`] : []),
      `parameterGradient${l}(lane, activeBlocks);`,
      barrier,
    ]);
  });
  return /* wgsl */ `
@compute @workgroup_size(${plan.workgroupSize})
fn trainPopulation(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let index = dispatch.alive[group.x / 4u][group.x % 4u];
  networkIndex = index;
  valueSlot = ${plan.values === "workgroup" ? "0u" : "group.x"};${openNetwork}

  if (lane == 0u) {
    place = vec4u(progress[index].epoch, progress[index].batch, progress[index].step, progress[index].status);
    isFrozen = 0u;
  }
  let start = workgroupUniformLoad(&place);
  if (start.w != ${Status.running}u) { return; }
  var epoch = start.x;
  var batch = start.y;
  var step = start.z;
  // The sums are the first invocation's alone.
  var trainLoss = progress[index].trainLoss;
  var trainCorrect = progress[index].trainCorrect;
  var testLoss = progress[index].testLoss;
  var testCorrect = progress[index].testCorrect;

  let epochs = networks[index].epochs;
  let trainRows = networks[index].trainRows;
  let testRows = networks[index].testRows;
  let trainBatches = (trainRows + ${batchSize - 1}u) / ${batchSize}u;
  let testBatches = (testRows + ${batchSize - 1}u) / ${batchSize}u;

  for (var n = 0u; n < dispatch.batches && epoch < epochs; n++) {
    let isTraining = batch < trainBatches;
    let partRows = select(testRows, trainRows, isTraining);
    let first = ${batchSize}u * select(batch - trainBatches, batch, isTraining);
    let rows = min(${batchSize}u, partRows - first);
    // Tiles are up to two blocks wide; what a batch does not fill has weight 0.
    let activeBlocks = min((rows + 7u) / 8u * 2u, ${layout.batchBlocks}u);

${
  shuffle
    ? `    if (n == 0u || batch == 0u) {
      drawPermutation(lane, networks[index].seed, epoch, trainRows);
      workgroupBarrier();
    }
`
    : ""
}    chooseRows(lane, activeBlocks, first, partRows, isTraining);
    ${barrier}
    loadBatch(
      lane,
      activeBlocks,
      rows,
      select(networks[index].testInputs, networks[index].trainInputs, isTraining),
      select(networks[index].testLabels, networks[index].trainLabels, isTraining),
    );
${isPenalized ? "    sumPenalties(lane);\n" : ""}${isCaptured ? `    firstCapture = step * ${captureLayout(network, batchSize).stepBlocks}u;\n` : ""}    ${barrier}

    ${forward.join("\n    ")}
    ${forEachBlock("evaluateBlock(block, rows, isTraining);")}
    ${barrier}

    if (lane == 0u) {
      var losses = vec4f();
      var right = vec4f();
      for (var block = 0u; block < activeBlocks; block++) {
        losses += (*values)[${layout.losses}u + block];
        right += (*values)[${layout.correct}u + block];
      }
      let dataLoss = sumOfFour(losses) / f32(rows);
      let correct = u32(sumOfFour(right));
${
  isPenalized
    ? `      var penalties = vec4f();
      for (var part = 0u; part < ${PENALTY_PARTS}u; part++) {
        penalties += (*values)[${layout.penalties}u + part];
      }
      let penalty = sumOfFour(penalties);
      let loss = dataLoss + penalty;`
    : "      let loss = dataLoss;"
}
      if (isTraining) {
        trainLoss += loss * f32(rows);
        trainCorrect += correct;
${
  isCaptured
    ? `        captures[firstCapture] = vec4f(dataLoss, ${isPenalized ? "penalty" : "0.0"}, 0.0, 0.0);`
    : "        isFrozen = select(0u, 1u, isNotFinite(vec4f(loss)).x);"
}
      } else {
        testLoss += loss * f32(rows);
        testCorrect += correct;
      }
    }
${isCaptured ? "" : `    if (workgroupUniformLoad(&isFrozen) != 0u) { break; }\n`}
    if (isTraining) {
      ${backward.toReversed().join("\n      ")}
      let rate = rates[min(networks[index].firstLearningRate + step, networks[index].lastLearningRate)];
      let correction = rates[min(networks[index].firstCorrection + step, networks[index].lastCorrection)];
      updateParameters(lane, rate, correction);
      ${barrier}
${isCaptured ? `      captureStep(lane);\n` : ""}      step++;
    }

    batch++;
    if (batch == trainBatches + testBatches) {
      if (lane == 0u) {
        let n = vec4f(vec2f(f32(trainRows)), vec2f(f32(max(testRows, 1u))));
        let sums = vec4f(trainLoss, f32(trainCorrect), testLoss, f32(testCorrect));
        curves[index * dispatch.ringEpochs + epoch % dispatch.ringEpochs] = sums / n;
      }
      trainLoss = 0.0;
      trainCorrect = 0u;
      testLoss = 0.0;
      testCorrect = 0u;
      epoch++;
      batch = 0u;
    }
  }

  if (lane == 0u) {
    let ended = select(${Status.running}u, ${Status.complete}u, epoch == epochs);
    let status = select(ended, ${Status.diverged}u, isFrozen != 0u);
    progress[index] = Progress(epoch, batch, step, status, trainLoss, trainCorrect, testLoss, testCorrect);
  }
}
`;
}
