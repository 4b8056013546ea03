// What is measured over an epoch: confusion counts, the norm of every step's gradient, and at its end
// what became of them. Sums lie behind the copies of the parameters, in two blocks:
//
//   [0]  penalties over the training rows; loss, right answers in inference mode; mean norm
//   [1]  sum of the squared distances of norms from their mean

import { openNetwork } from "../../network-memory.wgsl.ts";
import type { KernelShape } from "../kernel-shape.ts";
import type { MemoryLayout } from "../memory-layout.ts";
import { forEachItem, type Phase } from "../phase.ts";
import type { ProbeLayout } from "./probe-layout.ts";
import { EPOCH_PLACES } from "./probe-work.ts";
import { largestPhase, type RangeSite, squaresPhase } from "./range-phases.wgsl.ts";

/** What a batch adds, written into the function that adds up its loss; needs `penalty` and `loss`. */
export const SUM_PENALTIES = 0;
const SUM_INFERENCE_LOSS = 1;
const SUM_INFERENCE_CORRECT = 2;
const MEAN_NORM = 3;

export function sumWgsl({ sums }: ProbeLayout, place: number): string {
  return `(*parameters)[${sums + Math.floor(place / 4)}u][${place % 4}]`;
}

/** Statements of a batch in inference mode. */
export function inferenceTotals(probes: ProbeLayout): string {
  return /* wgsl */ `    ${sumWgsl(probes, SUM_INFERENCE_LOSS)} += loss * f32(at.rows);
    ${sumWgsl(probes, SUM_INFERENCE_CORRECT)} += f32(correct);`;
}

/** Adds a batch's answers to the counts: a lane has the rows of its true classes to itself. */
export function countPhases(
  { labels }: MemoryLayout,
  { work, classes, predicted, counts, countBlocks }: ProbeLayout,
  lanes: string,
): Phase[] {
  const { confusions } = work;
  if (confusions.length === 0) return [];
  const ofTraining = confusions.includes("confusion");
  const ofTest = confusions.includes("valConfusion");
  const skips = [
    ...(ofTraining ? [] : ["at.isTraining"]),
    ...(ofTest ? [] : ["!at.isTraining"]),
    ...(work.infers ? ["at.isInference"] : []),
  ];
  const matrix =
    ofTraining && ofTest
      ? `select(${counts + countBlocks}u, ${counts}u, at.isTraining)`
      : `${counts}u`;
  const rowBlocks = Math.ceil(classes / 4);
  return [
    {
      name: "countAnswers",
      when: "always",
      items: classes,
      source: /* wgsl */ `
fn countAnswers(lane: u32) {${openNetwork}
  ${skips.length > 0 ? `if (${skips.join(" || ")}) { return; }` : ""}
  let matrix = ${matrix};
${forEachItem(
  classes,
  lanes,
  /* wgsl */ `    for (var sample = 0u; sample < at.rows; sample++) {
      if (u32((*values)[${labels}u + sample / 4u][sample % 4u]) != item) { continue; }
      let answer = u32((*values)[${predicted}u + sample / 4u][sample % 4u]);
      (*parameters)[matrix + item * ${rowBlocks}u + answer / 4u][answer % 4u] += 1.0;
    }`,
)}
}
`,
    },
  ];
}

/** The norm of the gradient of all trained parameters joins those of the epoch's steps before. */
export function gradientNormPhases(
  { batchSize }: KernelShape,
  { trainableBlocks, parameterBlocks }: MemoryLayout,
  probes: ProbeLayout,
  lanes: string,
): Phase[] {
  if (!probes.work.readsGradientNorm) return [];
  const all: RangeSite = {
    name: "OfGradients",
    when: "training",
    lanes,
    ranges: [{ first: parameterBlocks, blocks: trainableBlocks }],
    value: (index) => `(*parameters)[${index}]`,
  };
  const [mean, squares] = [sumWgsl(probes, MEAN_NORM), sumWgsl(probes, MEAN_NORM + 1)];
  return [
    largestPhase(probes, all),
    squaresPhase(probes, all),
    {
      name: "takeGradientNorm",
      when: "training",
      items: 1,
      // Welford's update (Technometrics 4, 1962).
      source: /* wgsl */ `
fn takeGradientNorm(lane: u32) {${openNetwork}
  if (lane != 0u) { return; }
  let all = resultOf(0u);
  let distance = all.norm - ${mean};
  ${mean} += distance / f32(at.first / ${batchSize}u + 1u);
  ${squares} += distance * (all.norm - ${mean});
  // Only finite numbers were summed.
  if (all.isBad) {
    ${mean} = bitcast<f32>(kept(0.0, true));
    ${squares} = ${mean};
  }
}
`,
    },
  ];
}

/** Before the callbacks, which may change the rate. */
export function endEpochProbes(
  { batchSize }: KernelShape,
  probes: ProbeLayout,
  rateFactor: string,
  lanes: string,
): Phase[] {
  const { work, counts, countBlocks, classes } = probes;
  if (!work.keepsEpochs && work.confusions.length === 0) return [];
  const rowBlocks = Math.ceil(classes / 4);
  const rows = "f32(networks[networkIndex].trainRows)";
  const values: Record<keyof typeof EPOCH_PLACES, string> = {
    learningRate: `${rateFactor}rates[min(networks[networkIndex].firstLearningRate + lastStep, networks[networkIndex].lastLearningRate)]`,
    regularizationLoss: `${sumWgsl(probes, SUM_PENALTIES)} / ${rows}`,
    inferenceLoss: `${sumWgsl(probes, SUM_INFERENCE_LOSS)} / ${rows}`,
    inferenceAccuracy: `${sumWgsl(probes, SUM_INFERENCE_CORRECT)} / ${rows}`,
    gradientNormMean: sumWgsl(probes, MEAN_NORM),
    gradientNormVariance: `${sumWgsl(probes, MEAN_NORM + 1)} / f32((networks[networkIndex].trainRows + ${batchSize - 1}u) / ${batchSize}u)`,
  };
  const record = /* wgsl */ `
fn recordEpoch(lane: u32) {${openNetwork}
  if (lane != 0u) { return; }
  // The step counts on behind the batch that made the epoch's last update.
  let lastStep = at.step - u32(!at.isTraining);
  let place = placeOfEpoch();
${Object.entries(values)
  .map(
    ([signal, value]) =>
      `  probes[place + ${EPOCH_PLACES[signal as keyof typeof EPOCH_PLACES]}u] = bitcast<u32>(${value});`,
  )
  .join("\n")}
  (*parameters)[${probes.sums}u] = vec4f();
  (*parameters)[${probes.sums + 1}u] = vec4f();
}
`;
  const items = work.confusions.length * classes;
  const move = /* wgsl */ `
fn recordCounts(lane: u32) {${openNetwork}
  let place = placeOfCounts();
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    let row = ${counts}u + item / ${classes}u * ${countBlocks}u + item % ${classes}u * ${rowBlocks}u;
    for (var k = 0u; k < ${classes}u; k++) {
      probes[place + item * ${classes}u + k] = u32((*parameters)[row + k / 4u][k % 4u]);
    }
    for (var b = 0u; b < ${rowBlocks}u; b++) { (*parameters)[row + b] = vec4f(); }`,
)}
}
`;
  return [
    ...(work.keepsEpochs
      ? [{ name: "recordEpoch", when: "endOfEpoch", items: 1, source: record } as const]
      : []),
    ...(work.confusions.length > 0
      ? [{ name: "recordCounts", when: "endOfEpoch", items, source: move } as const]
      : []),
  ];
}
