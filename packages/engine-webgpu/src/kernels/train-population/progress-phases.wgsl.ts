// The serial parts of a batch: what it adds to its epoch, the end of the epoch with its callbacks, and
// the step to the next batch. The callbacks are those of Keras; core's early-stopping.ts and
// reduce-on-plateau.ts read like what stands here.

import { openNetwork } from "../network-memory.wgsl.ts";
import { Status } from "./declarations.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { captureLayout, type MemoryLayout, PENALTY_PARTS } from "./memory-layout.ts";
import { forEachItem, type Phase } from "./phase.ts";
import {
  endEpochProbes,
  inferenceTotals,
  SUM_PENALTIES,
  sumWgsl,
} from "./probes/epoch-probe-phases.wgsl.ts";

/** Adds the batch's loss to its epoch; one of training that is not finite freezes the network. */
export function totalPhase(
  { features, isCaptured }: KernelShape,
  layout: MemoryLayout,
  onStop: readonly Phase[],
): Phase {
  const { kernelPenalty, biasPenalty } = features;
  const { probes } = layout;
  const parts = [
    ...(kernelPenalty || biasPenalty ? [["", layout.penalties, ""]] : []),
    ...(features.activityPenalty
      ? [["OfActivity", layout.activityPenalties, " / f32(at.rows)"]]
      : []),
  ] as const;
  return {
    name: "addTotals",
    when: "always",
    items: 1,
    mayStop: !isCaptured,
    onStop,
    source: /* wgsl */ `
fn addTotals(lane: u32) {${openNetwork}
  if (lane != 0u) { return; }
  var losses = vec4f();
  var right = vec4f();
  for (var block = 0u; block < at.activeBlocks; block++) {
    losses += (*values)[${layout.losses}u + block];
    right += (*values)[${layout.correct}u + block];
  }
  let dataLoss = sumOfFour(losses) / f32(at.rows);
  let correct = u32(sumOfFour(right));
  ${parts.length > 0 ? "var penalty = 0.0;" : ""}
${parts
  .map(
    ([of, place, perSample]) => /* wgsl */ `  var penalties${of} = vec4f();
  for (var part = 0u; part < ${PENALTY_PARTS}u; part++) {
    penalties${of} += (*values)[${place}u + part];
  }
  penalty += sumOfFour(penalties${of})${perSample};`,
  )
  .join("\n")}
  let loss = dataLoss${parts.length > 0 ? " + penalty" : ""};
  if (at.isTraining) {
    progress[networkIndex].trainLoss += loss * f32(at.rows);
    progress[networkIndex].trainCorrect += correct;
${parts.length > 0 && probes?.work.keepsEpochs ? `    ${sumWgsl(probes, SUM_PENALTIES)} += penalty * f32(at.rows);\n` : ""}${
  isCaptured
    ? `    captures[at.step * ${captureLayout(layout).stepBlocks}u] = vec4f(dataLoss, ${parts.length > 0 ? "penalty" : "0.0"}, 0.0, 0.0);`
    : `    if (isNotFinite(vec4f(loss)).x) { progress[networkIndex].status = ${onStop.length > 0 ? Status.failing : Status.diverged}u; }`
}
  } ${probes?.work.infers ? `else if (at.isInference) {\n${inferenceTotals(probes)}\n  } ` : ""}else {
    progress[networkIndex].testLoss += loss * f32(at.rows);
    progress[networkIndex].testCorrect += correct;
  }
}
`,
  };
}

/** The end of an epoch, and the step to the next batch. */
export function endPhases(
  shape: KernelShape,
  layout: MemoryLayout,
  lanes: string,
  atEnd: readonly Phase[],
): Phase[] {
  const { probes } = layout;
  return [
    ...(probes === null ? [] : endEpochProbes(shape, probes, plateauFactor(shape), lanes)),
    endOfEpoch(shape),
    ...atEnd,
    ...(layout.bestSlot === null ? [] : [keepBest(layout, layout.bestSlot, lanes)]),
    moveOn(shape),
  ];
}

/** What the planned rate is multiplied by, with the sign of multiplication; a WGSL expression. */
export function plateauFactor({ features }: Pick<KernelShape, "features">): string {
  return features.reduceOnPlateau
    ? "select(progress[networkIndex].rateFactor, 1.0, at.epoch == 0u) * "
    : "";
}

function endOfEpoch({ features }: KernelShape): Phase {
  const { earlyStopping, reduceOnPlateau } = features;
  return {
    name: "endEpoch",
    when: "endOfEpoch",
    items: 1,
    source: /* wgsl */ `
${reduceOnPlateau ? REDUCE_ON_PLATEAU : ""}
${earlyStopping ? EARLY_STOPPING : ""}
${earlyStopping || reduceOnPlateau ? IMPROVES : ""}
fn endEpoch(lane: u32) {
  if (lane != 0u) { return; }
  let now = progress[networkIndex];
  let rows = vec2u(networks[networkIndex].trainRows, max(networks[networkIndex].testRows, 1u));
  let sums = vec4f(now.trainLoss, f32(now.trainCorrect), now.testLoss, f32(now.testCorrect));
  let place = networkIndex * dispatch.ringEpochs + at.epoch % dispatch.ringEpochs;
  let signals = sums / vec4f(rows.xxyy);
  curves[place] = signals;
  ${reduceOnPlateau ? "reduceOnPlateau(signals);" : ""}
  ${earlyStopping ? "stopEarly(signals);" : ""}
}
`,
  };
}

/**
 * Losses fall, accuracies, which stand in odd places, rise. NaN never improves; comparing with the
 * largest finite number, an infinite loss does not either.
 */
const IMPROVES = /* wgsl */ `
fn improves(monitor: u32, value: f32, best: f32, minDelta: f32) -> bool {
  let rises = monitor % 2u == 1u;
  return select((value < best - minDelta), (value > best + minDelta), rises) && !isNotFinite(vec4f(value)).x;
}

/** Worse than anything finite. */
fn worst(monitor: u32) -> f32 { return select(3.4028234e38, -3.4028234e38, monitor % 2u == 1u); }

/** Signals of the test part are not measured without one. */
fn isMeasured(monitor: u32) -> bool { return monitor < 2u || networks[networkIndex].testRows > 0u; }
`;

const REDUCE_ON_PLATEAU = /* wgsl */ `
fn reduceOnPlateau(signals: vec4f) {
  let settings = &networks[networkIndex];
  let now = &progress[networkIndex];
  let monitor = (*settings).plateauMonitor;
  if (at.epoch == 0u) {
    (*now).rateFactor = 1.0;
    (*now).plateauBest = worst(monitor);
    (*now).plateauWait = 0u;
    (*now).plateauCooldown = 0u;
  }
  if (!isMeasured(monitor)) { return; }
  if ((*now).plateauCooldown > 0u) {
    (*now).plateauCooldown -= 1u;
    (*now).plateauWait = 0u;
  }
  let value = signals[monitor];
  if (improves(monitor, value, (*now).plateauBest, (*settings).plateauMinDelta)) {
    (*now).plateauBest = value;
    (*now).plateauWait = 0u;
    return;
  }
  if ((*now).plateauCooldown > 0u) { return; }
  (*now).plateauWait += 1u;
  // The rate of the next step.
  let nextStep = at.step + u32(at.isTraining);
  let planned = rates[min((*settings).firstLearningRate + nextStep, (*settings).lastLearningRate)];
  let rate = planned * (*now).rateFactor;
  let least = (*settings).plateauMinLearningRate;
  if ((*now).plateauWait < (*settings).plateauPatience || rate <= least) { return; }
  (*now).rateFactor = max(rate * (*settings).plateauFactor, least) / planned;
  (*now).plateauCooldown = (*settings).plateauCooldown;
  (*now).plateauWait = 0u;
}
`;

const EARLY_STOPPING = /* wgsl */ `
fn stopEarly(signals: vec4f) {
  let settings = &networks[networkIndex];
  let now = &progress[networkIndex];
  let monitor = (*settings).stoppingMonitor;
  if (!isMeasured(monitor)) { return; }
  let isFirst = at.epoch == 0u;
  if (isFirst) {
    (*now).stoppingBest = worst(monitor);
    (*now).stoppingWait = 0u;
  }
  let value = signals[monitor];
  let isBetter = improves(monitor, value, (*now).stoppingBest, (*settings).stoppingMinDelta);
  if (isBetter) { (*now).stoppingBest = value; }
  (*now).stoppingWait = select((*now).stoppingWait + 1u, 0u, isBetter);
  // The first epoch is the best there is, even if its value is not a number, and never the last.
  (*now).isBest = u32(isBetter || isFirst);
  (*now).stops = u32(!isBetter && !isFirst && (*now).stoppingWait >= (*settings).stoppingPatience);
}
`;

/** Keeps the parameters of the best epoch, and takes them back at the end of training. */
function keepBest({ parameterBlocks }: MemoryLayout, slot: number, lanes: string): Phase {
  const best = `(*parameters)[${slot * parameterBlocks}u + item]`;
  return {
    name: "keepBest",
    when: "endOfEpoch",
    items: parameterBlocks,
    source: /* wgsl */ `
fn keepBest(lane: u32) {${openNetwork}
  let now = progress[networkIndex];
  let isLast = now.stops == 1u || at.epoch + 1u == networks[networkIndex].epochs;
  if (now.isBest == 0u && (!isLast || !isMeasured(networks[networkIndex].stoppingMonitor))) { return; }
${forEachItem(
  parameterBlocks,
  lanes,
  /* wgsl */ `    if (now.isBest == 1u) { ${best} = (*parameters)[item]; } else { (*parameters)[item] = ${best}; }`,
)}
}
`,
  };
}

function moveOn({ features }: KernelShape): Phase {
  const stops = features.earlyStopping ? " || progress[networkIndex].stops == 1u" : "";
  return {
    name: "moveOn",
    when: "always",
    items: 1,
    isIndependentOfNext: true,
    source: /* wgsl */ `
fn moveOn(lane: u32) {
  if (lane != 0u) { return; }
  let now = &progress[networkIndex];
  (*now).step += u32(at.isTraining);
  (*now).batch += 1u;
  if (!at.isLastOfEpoch) { return; }
  (*now).epoch = at.epoch + 1u;
  (*now).batch = 0u;
  (*now).trainLoss = 0.0;
  (*now).trainCorrect = 0u;
  (*now).testLoss = 0.0;
  (*now).testCorrect = 0u;
  let isComplete = (*now).epoch == networks[networkIndex].epochs${stops};
  (*now).status = select(${Status.running}u, ${Status.complete}u, isComplete);
}
`,
  };
}
