// Random numbers of the operations: those of core's shared/random.ts, four blocks at a time.

import { cosOfTurns, log } from "./vector-math";

const SKEIN_PARITY: i32 = 0x1bd11bda;

/** out[i] = uniformAt(seed, stream, i, step); room for a multiple of 8 is written. */
export function uniforms(seed: i32, stream: i32, step: i32, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 8, out += 32) {
    storeBlocks(seed, stream, i32x4.add(i32x4.splat(i >> 1), i32x4(0, 1, 2, 3)), step, out);
    const first = fromBits(v128.load(out));
    const second = fromBits(v128.load(out, 16));
    v128.store(out, v128.shuffle<f32>(first, second, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<f32>(first, second, 2, 6, 3, 7), 16);
  }
}

/**
 * out[i] = normalAt(seed, stream, i, step) by Box-Muller, absolute error at most 2e-6; room for a
 * multiple of 4, and 16 bytes more, is written.
 */
export function normals(seed: i32, stream: i32, step: i32, out: usize, count: i32): void {
  for (let i = 0; i < count; i += 4, out += 16) {
    storeBlocks(seed, stream, i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3)), step, out);
    const u = f32x4.sub(f32x4.splat(1), fromBits(v128.load(out)));
    const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log(u)));
    v128.store(out, f32x4.mul(radius, cosOfTurns(fromBits(v128.load(out, 16)))));
  }
}

/** 24 random bits as a number in [0, 1). */
function fromBits(bits: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 8)), f32x4.splat(<f32>(1.0 / 16777216)));
}

/** Threefry-2x32, 20 rounds: the first words of four blocks, behind them the second ones. */
function storeBlocks(key0: i32, key1: i32, counters: v128, step: i32, out: usize): void {
  const keys0 = i32x4.splat(key0);
  const keys1 = i32x4.splat(key1);
  const keys2 = i32x4.splat(key0 ^ key1 ^ SKEIN_PARITY);
  v128.store(out, i32x4.add(counters, keys0));
  v128.store(out, i32x4.add(i32x4.splat(step), keys1), 16);
  evenRounds(out, keys1, i32x4.add(keys2, i32x4.splat(1)));
  oddRounds(out, keys2, i32x4.add(keys0, i32x4.splat(2)));
  evenRounds(out, keys0, i32x4.add(keys1, i32x4.splat(3)));
  oddRounds(out, keys1, i32x4.add(keys2, i32x4.splat(4)));
  evenRounds(out, keys2, i32x4.add(keys0, i32x4.splat(5)));
}

function evenRounds(out: usize, key0: v128, key1: v128): void {
  let x0 = v128.load(out);
  let x1 = v128.load(out, 16);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 13), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 15), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 26), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 6), x0);
  v128.store(out, i32x4.add(x0, key0));
  v128.store(out, i32x4.add(x1, key1), 16);
}

function oddRounds(out: usize, key0: v128, key1: v128): void {
  let x0 = v128.load(out);
  let x1 = v128.load(out, 16);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 17), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 29), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 16), x0);
  x0 = i32x4.add(x0, x1);
  x1 = v128.xor(rotated(x1, 24), x0);
  v128.store(out, i32x4.add(x0, key0));
  v128.store(out, i32x4.add(x1, key1), 16);
}

function rotated(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}
