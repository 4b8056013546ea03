// The signals of a probed step, as docs/probes.md defines them, between backward and the update, and
// the one behind it. All layers share the functions: what differs between them is a table, so the
// text does not grow with the depth.

import { openNetwork } from "../../network-memory.wgsl.ts";
import type { KernelShape } from "../kernel-shape.ts";
import type { MemoryLayout, TensorLayout } from "../memory-layout.ts";
import { forEachItem, type Phase } from "../phase.ts";
import { isSoftmax } from "./layer-table.wgsl.ts";
import { PROBE_PARTS, type ProbeLayout } from "./probe-layout.ts";
import {
  type BlockRange,
  largestPhase,
  type RangeSite,
  squaresPhase,
} from "./range-phases.wgsl.ts";
import { answerPhase, samplesPhase } from "./sample-probe-phases.wgsl.ts";
import { unitsPhase } from "./unit-probe-phase.wgsl.ts";

/** Between backward and clipping. */
export function stepProbes(
  shape: KernelShape,
  layout: MemoryLayout,
  probes: ProbeLayout,
  lanes: string,
): Phase[] {
  const { work } = probes;
  const readsUnits = work.readsActivations || work.readsFlatParts || work.readsCopies;
  const readsSoftmax = work.readsFlatParts && probes.layers.some(isSoftmax);
  if (work.layerSignals.length === 0) return [];
  const { parameterBlocks } = layout;
  const parameters: RangeSite = {
    name: "OfLayers",
    when: "probed",
    lanes,
    ranges: [
      ...probes.layers.map((_, l) => kernelRange(layout, l)),
      ...probes.layers.map((_, l) => layerRange(layout, l, parameterBlocks)),
    ],
    value: (index) => `(*parameters)[${index}]`,
  };
  return [
    // Zeros go into partial results that the same lane has just written.
    together([
      ...(work.readsParameters ? [largestPhase(probes, parameters)] : []),
      ...(work.readsZeroGradients ? [zeroGradients(shape, layout, probes, lanes)] : []),
      ...(probes.answers === null ? [] : [answerPhase(shape, layout, probes.answers, lanes)]),
    ]),
    together([
      ...(work.readsParameters ? [squaresPhase(probes, parameters)] : []),
      ...(readsUnits ? [unitsPhase(layout, probes, lanes)] : []),
      ...(work.readsOutputs || readsSoftmax ? [samplesPhase(layout, probes, lanes)] : []),
    ]),
    together([
      recordPhase(layout, probes, lanes),
      ...(probes.before === null ? [] : [keepBefore(layout, probes.before, lanes)]),
    ]),
  ].flat();
}

/** Phases that need no barrier in between. */
function together(phases: readonly Phase[]): Phase[] {
  return phases.map((phase, i) =>
    i === phases.length - 1 ? phase : { ...phase, isIndependentOfNext: true },
  );
}

/** Behind the update. */
export function updateProbes(layout: MemoryLayout, probes: ProbeLayout, lanes: string): Phase[] {
  const { before, work } = probes;
  if (before === null) return [];
  const updates: RangeSite = {
    name: "OfUpdates",
    when: "probed",
    lanes,
    ranges: probes.layers.map((_, l) => kernelRange(layout, l)),
    value: (index) => `((*parameters)[${index}] - (*parameters)[${before}u + ${index}])`,
  };
  const column = work.layerSignals.indexOf("updateNorm");
  return [
    largestPhase(probes, updates),
    squaresPhase(probes, updates),
    {
      name: "recordUpdate",
      when: "probed",
      items: probes.layers.length,
      source: /* wgsl */ `
fn recordUpdate(lane: u32) {
${forEachItem(
  probes.layers.length,
  lanes,
  /* wgsl */ `    let update = resultOf(item);
    probes[placeOfStep() + item * ${work.layerSignals.length}u + ${column}u] = kept(update.norm, update.isBad);`,
)}
}
`,
    },
  ];
}

/** The rows of a kernel that inputs have; padding behind them is left out. */
function kernelRange({ layers }: MemoryLayout, l: number): BlockRange {
  const { kernel, inputs, unitBlocks } = layers[l];
  return { first: kernel, blocks: inputs * unitBlocks };
}

/** Kernel and bias, which lie one behind the other. */
function layerRange({ tensors }: MemoryLayout, l: number, copy: number): BlockRange {
  const own = tensors.filter(
    ({ tensor: { layer, kind, operation } }) =>
      layer === l && operation === undefined && (kind === "kernel" || kind === "bias"),
  );
  const end = ({ first, blocks }: TensorLayout) => first + blocks;
  return { first: copy + own[0].first, blocks: end(own[own.length - 1]) - own[0].first };
}

/**
 * Zeros of each kernel's gradient, penalties aside: where a penalty is in the gradient that is kept,
 * the sum over the samples is taken once more.
 */
function zeroGradients(
  { features }: KernelShape,
  { batchBlocks, parameterBlocks }: MemoryLayout,
  { layers, ranges }: ProbeLayout,
  lanes: string,
): Phase {
  const items = PROBE_PARTS * layers.length;
  const kept = /* wgsl */ `let d = (*parameters)[${parameterBlocks}u + layer.kernel + i];`;
  const again = /* wgsl */ `let input = layer.input + i / layer.unitBlocks * ${batchBlocks}u;
      let gradient = layer.gradient + 4u * (i % layer.unitBlocks) * ${batchBlocks}u;
      var d = vec4f();
      for (var block = 0u; block < at.activeBlocks; block++) {
        let x = (*values)[input + block];
        for (var c = 0u; c < 4u; c++) { d[c] += dot(x, (*values)[gradient + c * ${batchBlocks}u + block]); }
      }`;
  return {
    name: "countZeroGradients",
    when: "probed",
    items,
    source: /* wgsl */ `
fn countZeroGradients(lane: u32) {${openNetwork}
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    let layer = probedLayers[item / ${PROBE_PARTS}u];
    var zeros = vec4f();
    for (var i = item % ${PROBE_PARTS}u; i < layer.inputs * layer.unitBlocks; i += ${PROBE_PARTS}u) {
      ${features.kernelPenalty ? again : kept}
      let isUnit = vec4u(4u * (i % layer.unitBlocks)) + vec4u(0u, 1u, 2u, 3u) < vec4u(layer.units);
      zeros += select(vec4f(), vec4f(1.0), isUnit & (d == vec4f()));
    }
    (*values)[${ranges}u + item].z = sumOfFour(zeros);`,
)}
}
`,
  };
}

/** Joins the partial results of each layer. */
function recordPhase(
  { batchBlocks }: MemoryLayout,
  { work, layers, units, samples }: ProbeLayout,
  lanes: string,
): Phase {
  const { layerSignals } = work;
  const count = layers.length;
  const softmaxes = layers.filter(isSoftmax);
  const overSamples = (place: string) =>
    `for (var block = 0u; block < at.activeBlocks; block++) { counted += (*values)[${place} + block]; }`;
  const values: Record<(typeof layerSignals)[number], string> = {
    gradientNorm: "kept(gradient.norm, gradient.isBad)",
    weightNorm: "kept(weights.norm, weights.isBad)",
    updateNorm: "0u",
    activationMean: "kept(mean, bad > 0.0)",
    activationVariance: "kept(spread / n, bad > 0.0)",
    saturatedShare: "kept(select(flat / n, saturated / f32(at.rows), isSoftmax), false)",
    deadShare: "kept(dead / f32(layer.units), false)",
    zeroGradientShare: "kept(weights.zeros / f32(layer.inputs * layer.units), false)",
    largestActivation: "kept(largest, bad > 0.0)",
    largestGradient: "kept(gradient.largest, gradient.isBad)",
    largestWeight: "kept(weights.largest, weights.isBad)",
    distinctUnits: "kept(fresh, false)",
    distinctOutputs: "kept(distinct, false)",
  };
  const readsUnits = work.readsActivations || work.readsFlatParts || work.readsCopies;
  return {
    name: "recordStep",
    when: "probed",
    items: count,
    source: /* wgsl */ `
fn recordStep(lane: u32) {${openNetwork}
${forEachItem(
  count,
  lanes,
  /* wgsl */ `    let layer = probedLayers[item];
    let n = f32(layer.units * at.rows);
${work.readsParameters || work.readsZeroGradients ? "    let weights = resultOf(item);" : ""}
${work.readsParameters ? `    let gradient = resultOf(${count}u + item);` : ""}
${readsUnits ? joinUnits(units) : ""}
${
  work.readsOutputs
    ? `    var counted = vec4f();
    ${overSamples(`${samples}u`)}
    let distinct = sumOfFour(counted);`
    : ""
}
${
  work.readsFlatParts
    ? `    var saturated = 0.0;
    var isSoftmax = false;
${softmaxes
  .map(
    (layer, s) => `    if (item == ${layers.indexOf(layer)}u) {
      isSoftmax = true;
      var counted = vec4f();
      ${overSamples(`${samples + (s + 1) * batchBlocks}u`)}
      saturated = sumOfFour(counted);
    }`,
  )
  .join("\n")}`
    : ""
}
    let place = placeOfStep() + item * ${layerSignals.length}u;
${layerSignals
  .map((signal, column) => `    probes[place + ${column}u] = ${values[signal]};`)
  .join("\n")}`,
)}
}
`,
  };
}

/** Means and spreads of groups are joined as Chan, Golub and LeVeque do (1983, equation 2.1). */
function joinUnits(units: number): string {
  const first = `(*values)[${units}u + 2u * (layer.firstItem + b)]`;
  const second = `(*values)[${units}u + 2u * (layer.firstItem + b) + 1u]`;
  return /* wgsl */ `    var sum = 0.0;
    var largest = 0.0;
    var bad = 0.0;
    var flat = 0.0;
    var dead = 0.0;
    var fresh = 0.0;
    for (var b = 0u; b < layer.unitBlocks; b++) {
      let first = ${first};
      let second = ${second};
      sum += first.x;
      largest = max(largest, first.z);
      bad += first.w;
      flat += second.x;
      dead += second.y;
      fresh += second.z;
    }
    let mean = sum / n;
    var spread = 0.0;
    for (var b = 0u; b < layer.unitBlocks; b++) {
      let first = ${first};
      let own = f32((min(4u * b + 4u, layer.units) - 4u * b) * at.rows);
      let distance = first.x / own - mean;
      spread += first.y + own * distance * distance;
    }`;
}

function keepBefore({ trainableBlocks }: MemoryLayout, before: number, lanes: string): Phase {
  return {
    name: "keepBefore",
    when: "probed",
    items: trainableBlocks,
    source: /* wgsl */ `
fn keepBefore(lane: u32) {${openNetwork}
${forEachItem(trainableBlocks, lanes, `    (*parameters)[${before}u + item] = (*parameters)[item];`)}
}
`,
  };
}
