import { permutationKeys, permutedIndex } from "@convergence-lab/core";
import { describe, expect, test } from "vitest";
import { hasNoAdapter, nodeGpu } from "../../test/node-gpu.ts";
import { runShader } from "../../test/run-shader.ts";
import { randomWgsl } from "./random.wgsl.ts";

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
