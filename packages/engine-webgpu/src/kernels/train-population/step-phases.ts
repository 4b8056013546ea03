// The phases of a training step, in their order:
//
//   rows        which rows the batch is made of, by the epoch's keyed permutation
//   load        inputs and labels, transposed to blocks over the batch
//   forward     layer after layer
//   loss        per sample, with dPreActivation of the last layer
//   totals      the batch's loss; one that is not finite freezes the network
//   backward    layer after layer: dInput, then gradients of kernel and bias
//   update      the optimizer
//   end         of the epoch, and on to the next batch
//
// A batch of the test part goes without backward and update. Where everything lies: memory-layout.ts.

import { activationsWgsl, type ElementwiseActivation } from "../activation/activation.wgsl.ts";
import { lossWgsl } from "../loss/loss.wgsl.ts";
import { mathWgsl } from "../math.wgsl.ts";
import { openNetwork } from "../network-memory.wgsl.ts";
import { optimizerWgsl } from "../optimizer/optimizer.wgsl.ts";
import { randomWgsl } from "../random.wgsl.ts";
import { batchPhases } from "./batch-phases.wgsl.ts";
import type { DensePasses } from "./dense-passes.ts";
import { densePlain } from "./dense-plain.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { layerGroups } from "./layer-groups.ts";
import { type LayerSource, layerSource } from "./layer-source.ts";
import { captureLayout, type MemoryLayout, PENALTY_PARTS } from "./memory-layout.ts";
import { forEachItem, type Phase, type RepeatedPhases, type StepPart } from "./phase.ts";
import { endPhases, totalPhase } from "./progress-phases.wgsl.ts";
import { denseBroadcast } from "./variants/dense-broadcast.wgsl.ts";
import { denseTiled } from "./variants/dense-tiled.wgsl.ts";

/** Functions that phases of several kinds call. */
export function functionsWgsl({ network }: KernelShape): string {
  const elementwise = network.layers
    .map(({ activation }) => activation)
    .filter((name): name is ElementwiseActivation => name !== "softmax");
  return `${randomWgsl}${mathWgsl}${activationsWgsl(elementwise)}`;
}

/**
 * @param lanes How many lanes work on one network together, a WGSL expression.
 * @param dense The products of the dense layers; absent: those of the shape's plan.
 */
export function stepPhases(
  shape: KernelShape,
  layout: MemoryLayout,
  lanes: string,
  dense: DensePasses = plannedPasses(shape),
): StepPart[] {
  const { features, isCaptured } = shape;
  const groups = layerGroups(shape.network, layout);
  const layers = groups.map((group) => layerSource(shape, layout, group, lanes));
  const inGroup = (i: number, order: RepeatedPhases["order"], phases: Phase[]): StepPart[] =>
    groups[i].count === 1 ? phases : [{ group: groups[i], order, phases }];
  const forward = layers.flatMap(({ site, softmax }, i) =>
    inGroup(i, "first to last", [dense.forward(site), ...(softmax ? [softmax.forward] : [])]),
  );
  const backward = layers.map(({ site, softmax }, i) => {
    return inGroup(i, "last to first", [
      ...(softmax ? [softmax.backward] : []),
      ...(groups[i].first > 0 ? [{ ...dense.inputGradient(site), isIndependentOfNext: true }] : []),
      dense.parameterGradient(site),
    ]);
  });
  return [
    ...batchPhases(shape, layout, lanes),
    ...(features.kernelPenalty ? [penaltyPhase(layout, lanes)] : []),
    ...forward,
    lossPhase(shape, layout, layers[layers.length - 1], lanes),
    totalPhase(shape, layout),
    ...backward.toReversed().flat(),
    updatePhase(shape, layout, lanes),
    ...(isCaptured ? [capturePhase(shape, layout, lanes)] : []),
    ...endPhases,
  ];
}

function plannedPasses({ plan }: KernelShape): DensePasses {
  if (plan.dense === "plain") return densePlain;
  return plan.dense === "broadcast" ? denseBroadcast : denseTiled(plan.dense);
}

function lossPhase(
  { network }: KernelShape,
  layout: MemoryLayout,
  last: LayerSource,
  lanes: string,
): Phase {
  return {
    name: "evaluateLoss",
    when: "always",
    items: layout.batchBlocks,
    source: /* wgsl */ `
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
fn evaluateLoss(lane: u32) {
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
    evaluateBlock(block, at.rows, at.isTraining);
  }
}
`,
  };
}

/** l1 sum |w| + l2 sum w^2 over the kernels, in parts. */
function penaltyPhase({ layers, penalties }: MemoryLayout, lanes: string): Phase {
  const sums = layers.map(
    (
      { inputBlocks, unitBlocks, kernel },
      l,
    ) => /* wgsl */ `    let penalty${l} = networks[networkIndex].penalties[${l}];
    for (var i = item; i < ${4 * inputBlocks * unitBlocks}u; i += ${PENALTY_PARTS}u) {
      let w = (*parameters)[${kernel}u + i];
      sum += penalty${l}.x * abs(w) + penalty${l}.y * w * w;
    }`,
  );
  return {
    name: "sumPenalties",
    when: "always",
    items: PENALTY_PARTS,
    source: /* wgsl */ `
fn sumPenalties(lane: u32) {${openNetwork}
${forEachItem(
  PENALTY_PARTS,
  lanes,
  /* wgsl */ `    var sum = vec4f();
${sums.join("\n")}
    (*values)[${penalties}u + item] = sum;`,
)}
}
`,
  };
}

function updatePhase(
  { network }: KernelShape,
  { parameterBlocks }: MemoryLayout,
  lanes: string,
): Phase {
  return {
    name: "updateParameters",
    when: "training",
    items: parameterBlocks,
    source: optimizerWgsl({
      kind: network.optimizer,
      lanes,
      parameterBlocks,
      slot: (slot, block) => `${slot * parameterBlocks}u + ${block}`,
    }),
  };
}

/** What a step computed, for a replay; the logits are written by the last layer's forward. */
function capturePhase(
  { network, batchSize }: KernelShape,
  { parameterBlocks }: MemoryLayout,
  lanes: string,
): Phase {
  const { gradients, parametersAfter, stepBlocks } = captureLayout(network, batchSize);
  return {
    name: "captureStep",
    when: "training",
    items: parameterBlocks,
    source: /* wgsl */ `
fn captureStep(lane: u32) {${openNetwork}
  let first = at.step * ${stepBlocks}u;
${forEachItem(
  parameterBlocks,
  lanes,
  /* wgsl */ `    captures[first + ${gradients}u + item] = (*parameters)[${parameterBlocks}u + item];
    captures[first + ${parametersAfter}u + item] = (*parameters)[item];`,
)}
}
`,
  };
}
