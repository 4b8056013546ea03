import { normalAt, permutationKeys, permutedIndex, uniformAt } from "@convergence-lab/core";
import { describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../test/node-gpu.ts";
import { runShader } from "../../test/run-shader.ts";
import { mathWgsl } from "./math.wgsl.ts";
import { drawsWgsl, randomWgsl } from "./random.wgsl.ts";

describe.skipIf(hasNoAdapter)("the permutation of an epoch", () => {
  test.each([
    [0, 0, 1],
    [7, 3, 5],
    [4294967295, 2, 32],
    [42, 1000, 801],
  ])("of seed %i, epoch %i and %i rows is core's", async (seed, epoch, count) => {
    const size = Math.ceil(count / 4) * 4;
    const code = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> result: array<vec4u>;
${randomWgsl}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  var index = min(vec4u(4u * group.x) + vec4u(0u, 1u, 2u, 3u), vec4u(${count - 1}u));
  for (var round = 0u; round < 16u; round++) {
    index = swapOrNot(permutationKey(${seed}u, ${epoch}u, ${count}u, round), index, ${count}u);
  }
  result[group.x] = index;
}`;
    const actual = new Uint32Array(await runShader(nodeGpu(), code, 4 * size, size / 4));
    const keys = permutationKeys(seed, epoch, count);
    const expected = Array.from({ length: count }, (_, i) => permutedIndex(keys, i, count));
    expect([...actual.subarray(0, count)]).toEqual(expected);
  });
});

/** What `drawsWgsl` reads of its network, and `draw` of four elements from `4 * group` on. */
function drawing(draw: string, seed: number, step: number): string {
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
struct Network { seed: u32 }
struct Batch { step: u32 }
const networks = array<Network, 1>(Network(${seed}u));
const networkIndex = 0u;
const at = Batch(${step}u);
${mathWgsl}
${drawsWgsl}
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) group: vec3u) {
  let index = vec4u(4u * group.x) + vec4u(0u, 1u, 2u, 3u);
  result[group.x] = ${draw};
}`;
}

describe.skipIf(hasNoAdapter)("what operations draw", () => {
  const cases = [
    [0, 0x3000, 0],
    [4294967295, 0x4003, 7],
    [42, 0x3001, 100_000],
  ] as const;
  const COUNT = 4096;

  test.each(cases)(
    "of seed %i, stream %i and step %i: uniform numbers are core's",
    async (...c) => {
      const [seed, stream, step] = c;
      const code = drawing(`uniformsAt(${stream}u, index)`, seed, step);
      const actual = new Float32Array(await runShader(nodeGpu(), code, 4 * COUNT, COUNT / 4));
      const expected = Array.from({ length: COUNT }, (_, i) => uniformAt(seed, stream, i, step));
      expect([...actual]).toEqual(expected);
    },
  );

  test.each(cases)(
    "of seed %i, stream %i and step %i: normal numbers are core's to rounding",
    async (...c) => {
      const [seed, stream, step] = c;
      const code = drawing(`normalsAt(${stream}u, index)`, seed, step);
      const actual = new Float32Array(await runShader(nodeGpu(), code, 4 * COUNT, COUNT / 4));
      const errors = Array.from(actual, (value, i) =>
        Math.abs(value - normalAt(seed, stream, i, step)),
      );
      // The radius reaches 5.8, of which 8 roundings are 2.8e-6.
      expect(Math.max(...errors)).toBeLessThan(2.8e-6);
    },
  );
});
