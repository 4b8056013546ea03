// Where the first number arose that is not finite: looked for once, when a run ends. One whose loss
// was not finite still has the batch of that loss in its values; any other run is looked at when its
// last epoch has ended, before the best parameters are restored.

import { openNetwork } from "../../network-memory.wgsl.ts";
import { Status } from "../declarations.wgsl.ts";
import type { MemoryLayout } from "../memory-layout.ts";
import type { Phase } from "../phase.ts";
import type { ProbeLayout } from "./probe-layout.ts";
import { largestPhase } from "./range-phases.wgsl.ts";

/** Tensors by the number that stands for them in what a report reads. */
export const FOUND = [
  "nothing",
  "inputs",
  "activations",
  "loss",
  "gradients",
  "parameters",
] as const;

const code = (what: (typeof FOUND)[number]) => `${FOUND.indexOf(what)}u`;

export interface NonFinitePhases {
  /** For a network whose loss was not finite; the last one lets it end. */
  readonly onStop: readonly Phase[];
  /** Between the callbacks and what they do to the parameters. */
  readonly atEnd: readonly Phase[];
}

export function nonFinitePhases(
  layout: MemoryLayout,
  probes: ProbeLayout,
  lanes: string,
): NonFinitePhases {
  const { tensors, parameterBlocks } = layout;
  const parameters = largestPhase(probes, {
    name: "OfTensors",
    when: "endOfEpoch",
    lanes,
    ranges: [
      ...tensors.map(({ first, blocks }) => ({ first, blocks })),
      ...tensors.map(({ first, blocks }) => ({ first: parameterBlocks + first, blocks })),
    ],
    value: (index) => `(*parameters)[${index}]`,
    guard: "if (!isEnding()) { return; }",
  });
  const activations = activationsPhase(layout, probes, lanes);
  const verdict = verdictPhase(layout, probes);
  return { onStop: [parameters, activations, verdict], atEnd: [parameters, verdict] };
}

/** Of four samples: the layer whose z or a is the first with such a number, from 1; 0: the inputs. */
function activationsPhase(
  { batchBlocks, layers, before }: MemoryLayout,
  { layers: probed, samples }: ProbeLayout,
  lanes: string,
): Phase {
  const { units } = before;
  const inputs = before.stages[0]?.input ?? layers[0].input;
  return {
    name: "searchActivations",
    when: "always",
    items: batchBlocks,
    source: /* wgsl */ `
fn searchActivations(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
    let valid = isInBatch(block);
    var first = ${probed.length + 1}u;
    for (var i = 0u; i < ${units}u; i++) {
      if (any(valid & isNotFinite((*values)[${inputs}u + i * ${batchBlocks}u + block]))) { first = 0u; }
    }
    for (var l = 0u; l < ${probed.length}u && first > l + 1u; l++) {
      let layer = probedLayers[l];
      for (var unit = 0u; unit < layer.units; unit++) {
        let z = preActivation(layer, layer.z, unit, block);
        // What the loss passes by is finite where z is.
        let isBadA = layer.isPassed == 0u && any(valid & isNotFinite((*values)[layer.a + unit * ${batchBlocks}u + block]));
        if (isBadA || any(valid & isNotFinite(z))) { first = l + 1u; }
      }
    }
    (*values)[${samples}u + block] = vec4f(f32(first));
  }
}
`,
  };
}

function verdictPhase(
  { batchBlocks, tensors }: MemoryLayout,
  { layers, samples }: ProbeLayout,
): Phase {
  const count = tensors.length;
  return {
    name: "tellNonFinite",
    when: "endOfEpoch",
    items: 1,
    source: /* wgsl */ `
/** The dense layer of each tensor. */
var<private> layerOfTensor = array<u32, ${count}>(${tensors.map(({ tensor }) => `${tensor.layer}u`).join(", ")});

fn isEnding() -> bool {
  let now = progress[networkIndex];
  return now.status != ${Status.running}u || now.stops == 1u || at.epoch + 1u == networks[networkIndex].epochs;
}

fn tellNonFinite(lane: u32) {${openNetwork}
  if (lane != 0u || !isEnding()) { return; }
  let isDiverged = progress[networkIndex].status == ${Status.failing}u;
  // Backward runs from the last layer; an update that went wrong by itself is told of the first.
  var ofGradients = 0u;
  var ofParameters = ${layers.length + 1}u;
  for (var t = 0u; t < ${count}u; t++) {
    let layer = layerOfTensor[t] + 1u;
    if (resultOf(t).isBad) { ofParameters = min(ofParameters, layer); }
    if (resultOf(${count}u + t).isBad) { ofGradients = max(ofGradients, layer); }
  }
  var found = vec2u(${code("nothing")}, 0u);
  if (ofParameters <= ${layers.length}u) {
    found = select(vec2u(${code("parameters")}, ofParameters - 1u), vec2u(${code("gradients")}, ofGradients - 1u), ofGradients > 0u);
  } else if (isDiverged) {
    var first = ${layers.length + 1}u;
    for (var block = 0u; block < at.activeBlocks && block < ${batchBlocks}u; block++) {
      first = min(first, u32((*values)[${samples}u + block].x));
    }
    found = vec2u(${code("loss")}, 0u);
    if (first == 0u) { found.x = ${code("inputs")}; }
    if (first > 0u && first <= ${layers.length}u) { found = vec2u(${code("activations")}, first - 1u); }
  }
  let place = probesOfNetwork();
  probes[place] = found.x;
  probes[place + 1u] = found.y;
  if (isDiverged) { progress[networkIndex].status = ${Status.diverged}u; }
}
`,
  };
}
