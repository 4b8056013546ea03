// The counter-based random numbers of core's shared/random.ts in WGSL, bit for bit: what draws the
// rows of a batch. WGSL's integers wrap, so the functions read like their originals.

import { PERMUTATION_ROUNDS, Stream } from "@convergence-lab/core";

export const randomWgsl = /* wgsl */ `
/** Threefry-2x32, 20 rounds. */
fn threefry2x32(key: vec2u, counter: vec2u) -> vec2u {
  var keys = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
  var rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var x = counter + key;
  for (var block = 0u; block < 5u; block++) {
    for (var round = 0u; round < 4u; round++) {
      let rotation = rotations[(block % 2u) * 4u + round];
      x.x += x.y;
      x.y = ((x.y << rotation) | (x.y >> (32u - rotation))) ^ x.x;
    }
    x.x += keys[(block + 1u) % 3u];
    x.y += keys[(block + 2u) % 3u] + block + 1u;
  }
  return x;
}

/** Pivot, already reduced modulo count, and swap key of one round of an epoch's permutation. */
fn permutationKey(seed: u32, epoch: u32, count: u32, round: u32) -> vec2u {
  let words = threefry2x32(vec2u(seed, ${Stream.shuffle}u), vec2u(round, epoch));
  return vec2u(words.x % count, words.y);
}

fn hash32(value: vec4u) -> vec4u {
  var h = value;
  h = (h ^ (h >> vec4u(16u))) * 0x7feb352du;
  h = (h ^ (h >> vec4u(15u))) * 0x846ca68bu;
  return h ^ (h >> vec4u(16u));
}

/** One of the ${PERMUTATION_ROUNDS} rounds of swap-or-not, on four indices below count. */
fn swapOrNot(key: vec2u, index: vec4u, count: u32) -> vec4u {
  let pivot = vec4u(key.x);
  let partner = select(pivot + count - index, pivot - index, pivot >= index);
  let bit = hash32(max(index, partner) ^ vec4u(key.y)) & vec4u(1u);
  return select(index, partner, bit == vec4u(1u));
}
`;
