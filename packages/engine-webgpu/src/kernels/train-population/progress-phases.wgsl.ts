// The serial parts of a batch: what it adds to its epoch, the end of the epoch, and the step to the
// next batch.

import { openNetwork } from "../network-memory.wgsl.ts";
import { Status } from "./declarations.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { captureLayout, type MemoryLayout, PENALTY_PARTS } from "./memory-layout.ts";
import type { Phase } from "./phase.ts";

/** Adds the batch's loss to its epoch; one of training that is not finite freezes the network. */
export function totalPhase(shape: KernelShape, layout: MemoryLayout): Phase {
  const { network, batchSize, features, isCaptured } = shape;
  const isPenalized = features.kernelPenalty;
  return {
    name: "addTotals",
    when: "always",
    items: 1,
    mayStop: !isCaptured,
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
${
  isPenalized
    ? `  var penalties = vec4f();
  for (var part = 0u; part < ${PENALTY_PARTS}u; part++) {
    penalties += (*values)[${layout.penalties}u + part];
  }
  let penalty = sumOfFour(penalties);
  let loss = dataLoss + penalty;`
    : "  let loss = dataLoss;"
}
  if (at.isTraining) {
    progress[networkIndex].trainLoss += loss * f32(at.rows);
    progress[networkIndex].trainCorrect += correct;
${
  isCaptured
    ? `    captures[at.step * ${captureLayout(network, batchSize).stepBlocks}u] = vec4f(dataLoss, ${isPenalized ? "penalty" : "0.0"}, 0.0, 0.0);`
    : `    if (isNotFinite(vec4f(loss)).x) { progress[networkIndex].status = ${Status.diverged}u; }`
}
  } else {
    progress[networkIndex].testLoss += loss * f32(at.rows);
    progress[networkIndex].testCorrect += correct;
  }
}
`,
  };
}

export const endPhases: readonly Phase[] = [
  {
    name: "endEpoch",
    when: "endOfEpoch",
    items: 1,
    source: /* wgsl */ `
fn endEpoch(lane: u32) {
  if (lane != 0u) { return; }
  let now = progress[networkIndex];
  let rows = vec2u(networks[networkIndex].trainRows, max(networks[networkIndex].testRows, 1u));
  let sums = vec4f(now.trainLoss, f32(now.trainCorrect), now.testLoss, f32(now.testCorrect));
  let place = networkIndex * dispatch.ringEpochs + at.epoch % dispatch.ringEpochs;
  curves[place] = sums / vec4f(rows.xxyy);
}
`,
  },
  {
    name: "moveOn",
    when: "always",
    items: 1,
    isIndependentOfNext: true,
    source: /* wgsl */ `
fn moveOn(lane: u32) {
  if (lane != 0u) { return; }
  progress[networkIndex].step += u32(at.isTraining);
  progress[networkIndex].batch += 1u;
  if (!at.isLastOfEpoch) { return; }
  let epoch = at.epoch + 1u;
  let isComplete = epoch == networks[networkIndex].epochs;
  let status = select(${Status.running}u, ${Status.complete}u, isComplete);
  progress[networkIndex] = Progress(epoch, 0u, progress[networkIndex].step, status, 0.0, 0u, 0.0, 0u);
}
`,
  },
];
