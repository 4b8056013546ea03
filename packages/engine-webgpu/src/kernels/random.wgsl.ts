// The counter-based random numbers of core's shared/random.ts in WGSL, bit for bit: what draws the
// rows of a batch, masks and noise. WGSL's integers wrap, so the functions read like their originals.

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

/** What operations draw, for four samples at once. Needs the network's seed and the step. */
export const drawsWgsl = /* wgsl */ `
struct Words { first: vec4u, second: vec4u }

/** Threefry-2x32 of four counters. */
fn threefryOfFour(key: vec2u, counter: vec4u, step: u32) -> Words {
  var keys = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
  var rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var x = counter + key.x;
  var y = vec4u(step + key.y);
  for (var block = 0u; block < 5u; block++) {
    for (var round = 0u; round < 4u; round++) {
      let rotation = vec4u(rotations[(block % 2u) * 4u + round]);
      x += y;
      y = ((y << rotation) | (y >> (32u - rotation))) ^ x;
    }
    x += keys[(block + 1u) % 3u];
    y += keys[(block + 2u) % 3u] + block + 1u;
  }
  return Words(x, y);
}

/** 24 random bits as a float in [0, 1). */
fn uniformFromBits(bits: vec4u) -> vec4f {
  return vec4f(bits >> vec4u(8u)) * ${2 ** -24};
}

/** Places of a unit's four samples in a stream of (batch, units) numbers. */
fn elements(block: u32, unit: u32, units: u32) -> vec4u {
  return (vec4u(4u * block) + vec4u(0u, 1u, 2u, 3u)) * units + unit;
}

/** core's uniformAt: two elements share one Threefry block. */
fn uniformsAt(stream: u32, index: vec4u) -> vec4f {
  let key = vec2u(networks[networkIndex].seed, stream);
  let words = threefryOfFour(key, index >> vec4u(1u), at.step);
  return uniformFromBits(select(words.first, words.second, (index & vec4u(1u)) == vec4u(1u)));
}

/** core's normalAt, by Box-Muller; 1 - u is exact and keeps the logarithm away from zero. */
fn normalsAt(stream: u32, index: vec4u) -> vec4f {
  let key = vec2u(networks[networkIndex].seed, stream);
  let words = threefryOfFour(key, index, at.step);
  let radius = sqrt(-2.0 * logarithm(1.0 - uniformFromBits(words.first)));
  return radius * cosineOfTurns(uniformFromBits(words.second));
}

/**
 * cos(2 pi t) for 0 <= t < 1: the nearest quarter turn is taken out exactly, and the rest, at most
 * pi / 4, goes into the polynomials of Cephes (Moshier, sinf and cosf). WGSL's own cos may err by
 * 2^-11.
 */
fn cosineOfTurns(t: vec4f) -> vec4f {
  let quarter = floor(4.0 * t + 0.5);
  let r = (4.0 * t - quarter) * 1.57079633;
  let q = r * r;
  let sine = r + r * q * (-0.16666655 + q * (0.00833216087 - q * 0.000195152959));
  let cosine = 1.0 - 0.5 * q + q * q * (0.0416666457 + q * (-0.00138873163 + q * 0.0000244331571));
  let turns = vec4u(quarter) & vec4u(3u);
  let value = select(cosine, sine, (turns & vec4u(1u)) == vec4u(1u));
  return select(value, -value, (turns == vec4u(1u)) | (turns == vec4u(2u)));
}
`;
