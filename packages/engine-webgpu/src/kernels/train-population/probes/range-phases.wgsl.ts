// Largest absolute values and L2 norms over ranges of a network's parameters, in parts of a fixed
// order, so that they do not depend on the number of lanes. Squares are taken of numbers divided by
// the largest: a gradient of 1e-30 has a norm, and so has one of 1e30.

import { openNetwork } from "../../network-memory.wgsl.ts";
import { forEachItem, type Phase, type When } from "../phase.ts";
import { PROBE_PARTS, type ProbeLayout } from "./probe-layout.ts";

export interface BlockRange {
  readonly first: number;
  readonly blocks: number;
}

export interface RangeSite {
  /** Of the phases, and of the constant that lists the ranges. */
  readonly name: string;
  readonly when: When;
  readonly lanes: string;
  readonly ranges: readonly BlockRange[];
  /** What is measured at an index into the network's parameters. */
  readonly value: (index: string) => string;
  /** A statement that returns where there is nothing to do. */
  readonly guard?: string;
}

/** A partial result: largest, sum of squares over its square, zeros, whether one is not finite. */
export function largestPhase({ ranges: place }: ProbeLayout, site: RangeSite): Phase {
  const { name, when, lanes, ranges, value, guard = "" } = site;
  const items = PROBE_PARTS * ranges.length;
  return {
    name: `largest${name}`,
    when,
    items,
    source: /* wgsl */ `
var<private> ranges${name} = array<vec2u, ${ranges.length}>(${ranges.map(({ first, blocks }) => `vec2u(${first}u, ${blocks}u)`).join(", ")});

fn largest${name}(lane: u32) {${openNetwork}
  ${guard}
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    let range = ranges${name}[item / ${PROBE_PARTS}u];
    // Bits of absolute values are ordered like the values, and those of no finite number come last.
    var largest = vec4u();
    for (var i = item % ${PROBE_PARTS}u; i < range.y; i += ${PROBE_PARTS}u) {
      largest = max(largest, bitcast<vec4u>(${value("(range.x + i)")}) & vec4u(0x7fffffffu));
    }
    let two = max(largest.xy, largest.zw);
    let one = max(two.x, two.y);
    let isBad = one >= 0x7f800000u;
    (*values)[${place}u + item] = vec4f(bitcast<f32>(select(one, 0u, isBad)), 0.0, 0.0, f32(isBad));`,
)}
}
`,
  };
}

export function squaresPhase(layout: ProbeLayout, site: RangeSite): Phase {
  const { name, when, lanes, ranges, value } = site;
  const items = PROBE_PARTS * ranges.length;
  return {
    name: `squares${name}`,
    when,
    items,
    source: /* wgsl */ `
fn squares${name}(lane: u32) {${openNetwork}
${forEachItem(
  items,
  lanes,
  /* wgsl */ `    let range = ranges${name}[item / ${PROBE_PARTS}u];
    let largest = resultOf(item / ${PROBE_PARTS}u).largest;
    if (largest == 0.0) { continue; }
    var sum = vec4f();
    for (var i = item % ${PROBE_PARTS}u; i < range.y; i += ${PROBE_PARTS}u) {
      let share = ${value("(range.x + i)")} / largest;
      sum += share * share;
    }
    (*values)[${layout.ranges}u + item].y = sumOfFour(sum);`,
)}
}
`,
  };
}

/** How the partial results of a range are read. */
export function rangeResultsWgsl({ ranges }: ProbeLayout): string {
  return /* wgsl */ `
struct RangeResult {
  /** Of its finite numbers. */
  largest: f32,
  norm: f32,
  zeros: f32,
  /** Whether one is not finite. */
  isBad: bool,
}

fn resultOf(range: u32) -> RangeResult {${openNetwork}
  // Largest, squares, zeros, and how many parts have a number that is not finite.
  var joined = vec4f();
  for (var part = 0u; part < ${PROBE_PARTS}u; part++) {
    let one = (*values)[${ranges}u + range * ${PROBE_PARTS}u + part];
    joined = vec4f(max(joined.x, one.x), joined.yzw + one.yzw);
  }
  return RangeResult(joined.x, joined.x * sqrt(joined.y), joined.z, joined.w > 0.0);
}
`;
}
