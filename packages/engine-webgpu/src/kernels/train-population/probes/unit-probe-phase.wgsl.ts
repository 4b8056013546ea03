// What a probed step finds of each layer's units: their activations, whether they are on a flat part,
// and whether they copy another.

import { openNetwork } from "../../network-memory.wgsl.ts";
import type { MemoryLayout } from "../memory-layout.ts";
import { forEachItem, type Phase } from "../phase.ts";
import type { ProbeLayout } from "./probe-layout.ts";

/**
 * Of four units: sum of the activations and of their squared distances from their own mean; the
 * largest; how many are on a flat part; units that always are; units that copy none before.
 */
export function unitsPhase(
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
