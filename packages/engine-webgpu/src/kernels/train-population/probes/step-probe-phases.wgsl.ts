// The signals of a probed step, as docs/probes.md defines them, between backward and the update, and
// the one behind it. All layers share the functions: what differs between them is a table, so the
// text does not grow with the depth.

import { flatRange, isBounded, SATURATED_SOFTMAX } from "@convergence-lab/core";
import { openNetwork } from "../../network-memory.wgsl.ts";
import type { KernelShape } from "../kernel-shape.ts";
import { lossHead } from "../loss-head.ts";
import type { MemoryLayout, TensorLayout } from "../memory-layout.ts";
import { forEachItem, type Phase } from "../phase.ts";
import { PROBE_PARTS, type ProbedLayer, type ProbeLayout } from "./probe-layout.ts";
import {
  type BlockRange,
  largestPhase,
  type RangeSite,
  squaresPhase,
} from "./range-phases.wgsl.ts";

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

/** What the phases above call, and the place where a run's end looks for numbers. */
export function probedLayersWgsl({ batchBlocks }: MemoryLayout, { layers }: ProbeLayout): string {
  return /* wgsl */ `
struct ProbedLayer {
  inputs: u32,
  units: u32,
  unitBlocks: u32,
  // In parameters.
  kernel: u32,
  bias: u32,
  // In values: what the product reads, its gradient, and the activation's input and output.
  input: u32,
  gradient: u32,
  z: u32,
  a: u32,
  /** Where z does as well that is flat where z is. */
  flat: u32,
  sides: u32,
  /** Whether the loss passes the activation by. */
  isPassed: u32,
  /** Blocks of units of the layers before. */
  firstItem: u32,
}
/** For a layer without a bias, and where z is not kept. */
const NONE = 0xffffffffu;
var<private> probedLayers = array<ProbedLayer, ${layers.length}>(
${layers.map((layer) => `  ProbedLayer(${layerWords(layer).join(", ")}),`).join("\n")}
);

/** The layer's pre-activation at \`place\`, or computed once more. */
fn preActivation(layer: ProbedLayer, place: u32, unit: u32, block: u32) -> vec4f {${openNetwork}
  if (place != NONE) { return (*values)[place + unit * ${batchBlocks}u + block]; }
  var z = vec4f();
  if (layer.bias != NONE) { z = vec4f((*parameters)[layer.bias + unit / 4u][unit % 4u]); }
  for (var i = 0u; i < layer.inputs; i++) {
    z += (*values)[layer.input + i * ${batchBlocks}u + block] * (*parameters)[layer.kernel + i * layer.unitBlocks + unit / 4u][unit % 4u];
  }
  return z;
}
`;
}

/** Sides on which an activation is flat; softmax has none. */
function sidesOf({ activation }: ProbedLayer): number {
  if (isSoftmax({ activation }) || activation === "linear" || activation === "prelu") return 0;
  return isBounded(activation) ? 2 : 1;
}

function isSoftmax({ activation }: Pick<ProbedLayer, "activation">): boolean {
  return activation === "softmax";
}

function layerWords(layer: ProbedLayer): string[] {
  const { layout, activation, z, a, firstItem } = layer;
  const { inputs, units, unitBlocks, kernel, bias, input, gradient } = layout;
  // relu gives 0 exactly where its input is not positive.
  const flat = z ?? (activation === "relu" ? a : null);
  return [
    inputs,
    units,
    unitBlocks,
    kernel,
    bias,
    input,
    gradient,
    z,
    a,
    flat,
    sidesOf(layer),
    Number(layer.isPassed),
    firstItem,
  ].map((word) => (word === null ? "NONE" : `${word}u`));
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

/** What the network answers, where the loss reads what comes before its last activation. */
function answerPhase(
  { network }: KernelShape,
  { batchBlocks, layers }: MemoryLayout,
  answers: number,
  lanes: string,
): Phase {
  const last = layers[layers.length - 1];
  const x = (unit: string) => `(*values)[${last.output}u + ${unit} * ${batchBlocks}u + block]`;
  const y = `(*values)[${answers}u + unit * ${batchBlocks}u + block]`;
  const overUnits = (body: string) =>
    `for (var unit = 0u; unit < ${last.units}u; unit++) { ${body} }`;
  const softmax = /* wgsl */ `var largest = ${x("0u")};
    ${overUnits(`largest = max(largest, ${x("unit")});`)}
    var sum = vec4f();
    ${overUnits(`sum += exp(${x("unit")} - largest);`)}
    ${overUnits(`${y} = exp(${x("unit")} - largest) / sum;`)}`;
  return {
    name: "answer",
    when: "probed",
    items: batchBlocks,
    source: /* wgsl */ `
fn answer(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
    ${lossHead(network).activation === "softmax" ? softmax : overUnits(`${y} = sigmoid(${x("unit")});`)}
  }
}
`,
  };
}

/**
 * Of four units: sum of the activations and of their squared distances from their own mean; the
 * largest; how many are on a flat part; units that always are; units that copy none before.
 */
function unitsPhase(
  { batchBlocks }: MemoryLayout,
  { work, layers, units: place }: ProbeLayout,
  lanes: string,
): Phase {
  const { firstItem, layout } = layers[layers.length - 1];
  const items = firstItem + layout.unitBlocks;
  const valid = "isInBatch(block)";
  const a = `(*values)[layer.a + unit * ${batchBlocks}u + block]`;
  const overActivations = (
    body: string,
  ) => /* wgsl */ `    for (var unit = 4u * unitBlock; unit < last; unit++) {
      for (var block = 0u; block < at.activeBlocks; block++) { ${body} }
    }`;
  const activations = /* wgsl */ `    var sums = vec4f();
    var largestBits = vec4u();
${overActivations(`let a = select(vec4f(), ${a}, ${valid}); sums += a; largestBits = max(largestBits, bitcast<vec4u>(a) & vec4u(0x7fffffffu));`)}
    sum = sumOfFour(sums);
    let two = max(largestBits.xy, largestBits.zw);
    largest = max(two.x, two.y);
    let mean = sum / f32((last - 4u * unitBlock) * at.rows);
    var squares = vec4f();
${overActivations(`let d = select(vec4f(), ${a} - mean, ${valid}); squares += d * d;`)}
    spread = sumOfFour(squares);`;
  const flatParts = /* wgsl */ `    let edge = networks[networkIndex].layers[l].flatBelow;
    for (var unit = 4u * unitBlock; unit < last && layer.sides > 0u; unit++) {
      var flatOfUnit = 0.0;
      for (var block = 0u; block < at.activeBlocks; block++) {
        let z = preActivation(layer, layer.flat, unit, block);
        let isFlat = select(z <= vec4f(edge), abs(z) >= vec4f(-edge), layer.sides == 2u);
        flatOfUnit += sumOfFour(select(vec4f(), vec4f(1.0), isFlat & ${valid}));
      }
      flat += flatOfUnit;
      dead += f32(flatOfUnit == f32(at.rows));
    }`;
  const copies = /* wgsl */ `    for (var unit = 4u * unitBlock; unit < last; unit++) {
      var isNew = true;
      for (var other = 0u; other < unit && isNew; other++) { isNew = !isCopy(layer, unit, other); }
      fresh += f32(isNew);
    }`;
  return {
    name: "probeUnits",
    when: "probed",
    items,
    source: /* wgsl */ `${work.readsCopies ? IS_COPY : ""}
fn probeUnits(lane: u32) {${openNetwork}
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    var l = 0u;
    while (l + 1u < ${layers.length}u && item >= probedLayers[l + 1u].firstItem) { l++; }
    let layer = probedLayers[l];
    let unitBlock = item - layer.firstItem;
    let last = min(4u * unitBlock + 4u, layer.units);
    var sum = 0.0;
    var spread = 0.0;
    var largest = 0u;
    var flat = 0.0;
    var dead = 0.0;
    var fresh = 0.0;
${work.readsActivations ? activations : ""}
${work.readsFlatParts ? flatParts : ""}
${work.readsCopies ? copies : ""}
    let isBad = largest >= 0x7f800000u;
    (*values)[${place}u + 2u * item] = vec4f(sum, spread, bitcast<f32>(select(largest, 0u, isBad)), f32(isBad));
    (*values)[${place}u + 2u * item + 1u] = vec4f(flat, dead, fresh, 0.0);`,
)}
}
`,
  };
}

const IS_COPY = /* wgsl */ `
/** Whether two units have the same kernel column and bias. */
fn isCopy(layer: ProbedLayer, unit: u32, other: u32) -> bool {${openNetwork}
  if (layer.bias != NONE && (*parameters)[layer.bias + unit / 4u][unit % 4u] != (*parameters)[layer.bias + other / 4u][other % 4u]) {
    return false;
  }
  for (var i = 0u; i < layer.inputs; i++) {
    let row = layer.kernel + i * layer.unitBlocks;
    if ((*parameters)[row + unit / 4u][unit % 4u] != (*parameters)[row + other / 4u][other % 4u]) { return false; }
  }
  return true;
}
`;

/** Of four samples: answers that differ from all before, and softmaxes that are saturated. */
function samplesPhase(
  { batchBlocks, layers }: MemoryLayout,
  { work, layers: probed, samples, answers }: ProbeLayout,
  lanes: string,
): Phase {
  const last = layers[layers.length - 1];
  const output = (sample: string) =>
    `(*values)[${answers ?? last.output}u + unit * ${batchBlocks}u + ${sample} / 4u][${sample} % 4u]`;
  const distinct = /* wgsl */ `    var distinct = vec4f();
    for (var sample = 4u * block; sample < min(4u * block + 4u, at.rows); sample++) {
      var isNew = true;
      for (var other = 0u; other < sample && isNew; other++) {
        var isSame = true;
        for (var unit = 0u; unit < ${last.units}u && isSame; unit++) {
          let value = ${output("sample")};
          // Written so that NaN differs from everything.
          isSame = abs(value - ${output("other")}) <= 1e-6 * max(1.0, abs(value));
        }
        isNew = !isSame;
      }
      distinct[sample % 4u] = f32(isNew);
    }
    (*values)[${samples}u + block] = distinct;`;
  const saturated = probed.filter(isSoftmax).map(
    ({ layout: { units }, a }, s) => /* wgsl */ `    var best${s} = vec4f();
    for (var unit = 0u; unit < ${units}u; unit++) { best${s} = max(best${s}, (*values)[${a}u + unit * ${batchBlocks}u + block]); }
    (*values)[${samples + (s + 1) * batchBlocks}u + block] = select(vec4f(), vec4f(1.0), isInBatch(block) & (best${s} >= vec4f(${SATURATED_SOFTMAX})));`,
  );
  return {
    name: "probeSamples",
    when: "probed",
    items: batchBlocks,
    source: /* wgsl */ `
fn probeSamples(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
${work.readsOutputs ? distinct : ""}
${work.readsFlatParts ? saturated.join("\n") : ""}
  }
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

/** Where the flat part of a layer's activation begins, as the kernel compares with it. */
export function flatBelow({ activation }: ProbedLayer, alpha: number): number {
  const low = flatRange(activation, alpha)?.low ?? Number.NEGATIVE_INFINITY;
  return Math.max(low, LOWEST);
}

/** WGSL may assume that there is no infinity. */
const LOWEST = -3.4028234663852886e38;
