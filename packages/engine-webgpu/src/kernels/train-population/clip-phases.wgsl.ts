// Gradient clipping by norm: of each tensor, or of all together. Sums of squares are taken in parts
// of a fixed order, so that they do not depend on the number of lanes.

import { openNetwork } from "../network-memory.wgsl.ts";
import { type MemoryLayout, SQUARE_PARTS } from "./memory-layout.ts";
import { forEachItem, type Phase } from "./phase.ts";

export function clipPhases(
  { tensors, trainableBlocks, parameterBlocks, squares }: MemoryLayout,
  clip: "norm" | "globalNorm",
  lanes: string,
): Phase[] {
  const ranges =
    clip === "norm"
      ? tensors.filter(({ tensor }) => tensor.trainable)
      : [{ first: 0, blocks: trainableBlocks }];
  const count = ranges.length;
  const items = SQUARE_PARTS * count;
  return [
    {
      name: "sumSquares",
      when: "training",
      items,
      source: /* wgsl */ `
/** First and number of blocks of what is clipped together. */
const CLIPPED = array<vec2u, ${count}>(${ranges.map((range) => `vec2u(${range.first}u, ${range.blocks}u)`).join(", ")});

fn sumSquares(lane: u32) {${openNetwork}
  var ranges = CLIPPED;
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    let range = ranges[item / ${SQUARE_PARTS}u];
    var sum = vec4f();
    for (var i = item % ${SQUARE_PARTS}u; i < range.y; i += ${SQUARE_PARTS}u) {
      let g = (*parameters)[${parameterBlocks}u + range.x + i];
      sum += g * g;
    }
    (*values)[${squares}u + item] = sum;`,
)}
}
`,
    },
    {
      name: "clipToNorm",
      when: "training",
      items: trainableBlocks,
      source: /* wgsl */ `
fn clipToNorm(lane: u32) {${openNetwork}
  var ranges = CLIPPED;
  let longest = networks[networkIndex].clip;
  for (var t = 0u; t < ${count}u; t++) {
    var sum = vec4f();
    for (var part = 0u; part < ${SQUARE_PARTS}u; part++) {
      sum += (*values)[${squares}u + t * ${SQUARE_PARTS}u + part];
    }
    let norm = sqrt(sumOfFour(sum));
    if (norm <= longest) { continue; }
    for (var i = lane; i < ranges[t].y; i += ${lanes}) {
      (*parameters)[${parameterBlocks}u + ranges[t].x + i] *= longest / norm;
    }
  }
}
`,
    },
  ];
}
