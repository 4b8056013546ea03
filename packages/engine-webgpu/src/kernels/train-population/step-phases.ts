// The phases of a training step, in their order:
//
//   rows        which rows the batch is made of, by the epoch's keyed permutation
//   load        inputs and labels, transposed to blocks over the batch
//   forward     operations on the inputs, then layer after layer with the operations behind it
//   loss        per sample, with the derivative by what the loss reads
//   totals      the batch's loss; one that is not finite freezes the network
//   backward    layer after layer: its operations, dInput, then gradients of kernel and bias
//   probes      what is asked for of a step, between backward and the update, and after it
//   update      clipping, the optimizer, moving statistics
//   end         of the epoch with its callbacks, and on to the next batch
//
// A batch of the test part goes without backward and update. Where everything lies: memory-layout.ts.

import type { Activation } from "@convergence-lab/core";
import { activationsWgsl, isElementwise } from "../activation/activation.wgsl.ts";
import { lossWgsl } from "../loss/loss.wgsl.ts";
import { mathWgsl } from "../math.wgsl.ts";
import { openNetwork } from "../network-memory.wgsl.ts";
import { optimizerWgsl } from "../optimizer/optimizer.wgsl.ts";
import { drawsWgsl, randomWgsl } from "../random.wgsl.ts";
import { batchPhases } from "./batch-phases.wgsl.ts";
import { clipPhases } from "./clip-phases.wgsl.ts";
import type { DensePasses } from "./dense-passes.ts";
import { densePlain } from "./dense-plain.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { layerGroups } from "./layer-groups.ts";
import { beforeStages, type LayerSource, layerSource } from "./layer-source.ts";
import { lossHead } from "./loss-head.ts";
import { captureLayout, type MemoryLayout } from "./memory-layout.ts";
import type { StagePhases } from "./operations/stage.ts";
import { activityPenalty, parameterPenalty } from "./penalty-phases.wgsl.ts";
import { forEachItem, type Phase, type RepeatedPhases, type StepPart } from "./phase.ts";
import { countPhases, gradientNormPhases } from "./probes/epoch-probe-phases.wgsl.ts";
import { probedLayersWgsl } from "./probes/layer-table.wgsl.ts";
import { nonFinitePhases } from "./probes/non-finite-phases.wgsl.ts";
import { ringWgsl } from "./probes/probe-ring.ts";
import { rangeResultsWgsl } from "./probes/range-phases.wgsl.ts";
import { stepProbes, updateProbes } from "./probes/step-probe-phases.wgsl.ts";
import { endPhases, plateauFactor, totalPhase } from "./progress-phases.wgsl.ts";
import { denseBroadcast } from "./variants/dense-broadcast.wgsl.ts";
import { denseShared } from "./variants/dense-shared.wgsl.ts";
import { denseTiled } from "./variants/dense-tiled.wgsl.ts";

/** Functions that phases of several kinds call. */
export function functionsWgsl({ network }: KernelShape, layout: MemoryLayout): string {
  const { before = [], layers } = network;
  const operations = [...before, ...layers.flatMap(({ after = [] }) => after)];
  const activations = [
    ...layers.map(({ activation }) => activation),
    ...operations.flatMap((o): Activation[] => (o.kind === "activation" ? [o.activation] : [])),
  ];
  const draws = operations.some(({ kind }) => /dropout|noise/i.test(kind));
  return `${randomWgsl}${draws ? drawsWgsl : ""}${mathWgsl}${activationsWgsl(activations.filter(isElementwise))}${probesWgsl(layout)}`;
}

function probesWgsl(layout: MemoryLayout): string {
  const { probes } = layout;
  if (probes === null) return "";
  return ringWgsl(probes) + rangeResultsWgsl(probes) + probedLayersWgsl(layout, probes);
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
  const before = beforeStages(shape, layout, lanes);
  const inGroup = (
    i: number,
    order: RepeatedPhases["order"],
    phases: readonly Phase[],
  ): readonly StepPart[] => {
    if (groups[i].count === 1) return phases;
    return phases.length === 0 ? [] : [{ group: groups[i], order, phases }];
  };
  const forward = layers.flatMap(({ site, stages }, i) =>
    inGroup(i, "first to last", [dense.forward(site), ...stages.flatMap((stage) => stage.forward)]),
  );
  const backward = layers.map((layer, i) => {
    const { site } = layer;
    const hasInputGradient = groups[i].first > 0 || layout.before.gradient !== null;
    return inGroup(i, "last to first", [
      ...backThroughStages(shape, layout, layer, groups[i].first, lanes),
      ...(hasInputGradient ? [{ ...dense.inputGradient(site), isIndependentOfNext: true }] : []),
      dense.parameterGradient(site),
    ]);
  });
  const { clip, kernelPenalty, biasPenalty } = features;
  const { probes } = layout;
  const nonFinite = probes?.work.findsNonFinite
    ? nonFinitePhases(layout, probes, lanes)
    : { onStop: [], atEnd: [] };
  return [
    ...batchPhases(shape, layout, lanes),
    ...(kernelPenalty || biasPenalty ? [parameterPenalty(layout, features, lanes)] : []),
    ...before.flatMap((stage) => stage.forward),
    ...forward,
    ...(features.activityPenalty ? [activityPenalty(layout, lanes)] : []),
    lossPhase(shape, layout, layers[layers.length - 1], lanes),
    totalPhase(shape, layout, nonFinite.onStop),
    ...(probes ? countPhases(layout, probes, lanes) : []),
    ...backward.toReversed().flat(),
    ...(layout.before.gradient === null ? [] : backOf(before)),
    ...(isCaptured ? [capturePhase(layout, "gradients", 1, lanes)] : []),
    ...(probes ? gradientNormPhases(shape, layout, probes, lanes) : []),
    ...(probes ? stepProbes(shape, layout, probes, lanes) : []),
    ...(clip === "norm" || clip === "globalNorm" ? clipPhases(layout, clip, lanes) : []),
    updatePhase(shape, layout, lanes),
    ...before.flatMap((stage) => stage.commit ?? []),
    ...layers.flatMap(({ stages }, i) =>
      inGroup(
        i,
        "first to last",
        stages.flatMap((stage) => stage.commit ?? []),
      ),
    ),
    ...(isCaptured ? [capturePhase(layout, "parametersAfter", 0, lanes)] : []),
    ...(probes ? updateProbes(layout, probes, lanes) : []),
    ...endPhases(shape, layout, lanes, nonFinite.atEnd),
  ];
}

function plannedPasses({ plan }: KernelShape): DensePasses {
  if (plan.dense === "plain") return densePlain;
  if (plan.dense === "broadcast") return denseBroadcast;
  return "depth" in plan.dense ? denseShared(plan.dense) : denseTiled(plan.dense);
}

function backOf(stages: readonly StagePhases[]): Phase[] {
  return stages.toReversed().flatMap((stage) => stage.backward);
}

/** From a block's dOutput to dPreActivation, where its dense layer is not fused. */
function backThroughStages(
  shape: KernelShape,
  layout: MemoryLayout,
  layer: LayerSource,
  l: number,
  lanes: string,
): Phase[] {
  const { stages, aside, activated, gradients } = layer;
  const place = layer.layout;
  const { activation } = shape.network.layers[l];
  const own = activation === "linear" || place.isFused ? 0 : 1;
  const [ofLayer, after] = [stages.slice(0, own), stages.slice(own)];
  if (!shape.features.activityPenalty) return backOf(stages);
  /** The activity penalty's gradient, added to that of the loss or put aside. */
  const penaltyPhase = (name: string, target: string, plus: string): Phase => ({
    name: `${name}${l}`,
    when: "training",
    items: place.units * layout.batchBlocks,
    source: /* wgsl */ `
fn ${name}${l}(lane: u32) {${openNetwork}
  let penalty = networks[networkIndex].layers[${l}u + repeated].activityPenalty;
${forEachItem(
  place.units * layout.batchBlocks,
  lanes,
  /* wgsl */ `    let unit = item / ${layout.batchBlocks}u;
    let block = item % ${layout.batchBlocks}u;
    if (block >= at.activeBlocks) { continue; }
    let a = ${activated("unit", "block")};
    let slope = (penalty.x * sign(a) + 2.0 * penalty.y * a) / f32(at.rows);
    ${target} = ${plus}select(vec4f(), slope, isInBatch(block));`,
)}
}
`,
  });
  const gradient = gradients("unit", "block");
  if (aside === null) {
    return [
      ...backOf(after),
      penaltyPhase("activityGradient", gradient, `${gradient} + `),
      ...backOf(ofLayer),
    ];
  }
  const asidePlace = `(*values)[${place.aside}u + unit * ${layout.batchBlocks}u + block]`;
  return [
    penaltyPhase("activityGradient", asidePlace, ""),
    ...aside.backward,
    {
      name: `takeAside${l}`,
      when: "training",
      items: place.units * layout.batchBlocks,
      source: /* wgsl */ `
fn takeAside${l}(lane: u32) {${openNetwork}
${forEachItem(
  place.units * layout.batchBlocks,
  lanes,
  /* wgsl */ `    let unit = item / ${layout.batchBlocks}u;
    let block = item % ${layout.batchBlocks}u;
    if (block < at.activeBlocks) { ${gradient} += ${asidePlace}; }`,
)}
}
`,
    },
  ];
}

function lossPhase(
  { network, features }: KernelShape,
  layout: MemoryLayout,
  last: LayerSource,
  lanes: string,
): Phase {
  const sample = (place: number) => `(*values)[${place}u + block]`;
  return {
    name: "evaluateLoss",
    when: "always",
    items: layout.batchBlocks,
    source: /* wgsl */ `
${lossWgsl({
  ...lossHead(network),
  loss: network.loss,
  hasClassBalancing: network.applyClassBalancing ?? false,
  hasLabelSmoothing: features.labelSmoothing,
  units: last.layout.units,
  outputs: (unit) => last.outputs(unit, "block"),
  storeGradient: (unit, slope) => last.storeGradient(unit, "block", slope),
  labels: sample(layout.labels),
  weights: layout.weights === null ? null : sample(layout.weights),
  losses: sample(layout.losses),
  correct: sample(layout.correct),
  predicted: layout.probes?.predicted != null ? sample(layout.probes.predicted) : null,
})}
fn evaluateLoss(lane: u32) {
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) { evaluateBlock(block); }
}
`,
  };
}

function updatePhase(
  { network, features }: KernelShape,
  { parameterBlocks, trainableBlocks }: MemoryLayout,
  lanes: string,
): Phase {
  return {
    name: "updateParameters",
    when: "training",
    items: trainableBlocks,
    source: optimizerWgsl({
      kind: network.optimizer,
      hasWeightDecay: features.weightDecay,
      clipsValues: features.clip === "value",
      lanes,
      trainableBlocks,
      rateFactor: plateauFactor({ features }),
      slot: (slot, block) => `${slot * parameterBlocks}u + ${block}`,
    }),
  };
}

/** A copy of the parameters as a step leaves it, for a replay; the last layer's forward writes the logits. */
function capturePhase(
  layout: MemoryLayout,
  what: "gradients" | "parametersAfter",
  copy: number,
  lanes: string,
): Phase {
  const { parameterBlocks } = layout;
  const place = captureLayout(layout);
  return {
    name: `capture_${what}`,
    when: "training",
    items: parameterBlocks,
    isIndependentOfNext: what === "parametersAfter",
    source: /* wgsl */ `
fn capture_${what}(lane: u32) {${openNetwork}
  let first = at.step * ${place.stepBlocks}u + ${place[what]}u;
${forEachItem(parameterBlocks, lanes, `    captures[first + item] = (*parameters)[${copy * parameterBlocks}u + item];`)}
}
`,
  };
}
