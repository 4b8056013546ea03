// Which rows make a batch, and their copy. The permutation is that of core's shared/random.ts.

/** Rounds of swap-or-not; the keys are a pivot and a bit key for each. */
const PERMUTATION_ROUNDS: usize = 16;

/**
 * indices[i] = element first + i of the permutation of 0 .. total - 1 that `keys` make. Eight at a
 * time, because each waits for a round to begin the next: room for a multiple of 8 is written, and
 * elements behind the last row mean nothing.
 */
export function permutedIndices(
  keys: usize,
  first: i32,
  count: i32,
  total: i32,
  indices: usize,
): void {
  const totals = i32x4.splat(total);
  const lanes = i32x4(0, 1, 2, 3);
  for (let done = 0; done < count; done += 8, indices += 32) {
    let low = i32x4.add(i32x4.splat(first + done), lanes);
    let high = i32x4.add(i32x4.splat(first + done + 4), lanes);
    for (let round: usize = 0; round < PERMUTATION_ROUNDS * 8; round += 8) {
      const pivot = v128.load_splat<u32>(keys + round);
      const bitKey = v128.load_splat<u32>(keys + round, 4);
      low = swapped(low, pivot, bitKey, totals);
      high = swapped(high, pivot, bitKey, totals);
    }
    v128.store(indices, low);
    v128.store(indices, high, 16);
  }
}

/** A round: each index, or its partner on the other side of the pivot if their bit says so. */
function swapped(index: v128, pivot: v128, bitKey: v128, totals: v128): v128 {
  const one = i32x4.splat(1);
  const difference = i32x4.sub(pivot, index);
  const wrap = v128.and(totals, i32x4.shr_s(difference, 31));
  const partner = i32x4.add(difference, wrap);
  const larger = i32x4.max_s(index, partner);
  const bit = v128.and(hash32(v128.xor(larger, bitKey)), one);
  return v128.bitselect(partner, index, i32x4.eq(bit, one));
}

/**
 * Copies the rows named by `indices` from x (rows, inputs), which is packed, to `batch`, whose rows
 * take `rowBytes`; padding becomes 0. Reads up to 12 bytes behind the last row of x.
 */
export function gatherRows(
  x: usize,
  inputs: i32,
  indices: usize,
  count: i32,
  batch: usize,
  rowBytes: i32,
): void {
  const lanes = i32x4(0, 1, 2, 3);
  for (let i = 0; i < count; i++, batch += rowBytes) {
    let from = x + <usize>load<i32>(indices + (i << 2)) * ((<usize>inputs) << 2);
    let to = batch;
    for (let column = 0; column < inputs; column += 4, from += 16, to += 16) {
      const inside = i32x4.lt_s(lanes, i32x4.splat(inputs - column));
      v128.store(to, v128.and(v128.load(from), inside));
    }
  }
}

export function gatherLabels(y: usize, indices: usize, count: i32, batch: usize): void {
  for (let i = 0; i < count; i++, batch += 4) {
    store<f32>(batch, load<f32>(y + ((<usize>load<i32>(indices + (i << 2))) << 2)));
  }
}

/** Four times hash32 of shared/random.ts ("lowbias32"). */
function hash32(value: v128): v128 {
  let h = v128.xor(value, i32x4.shr_u(value, 16));
  h = i32x4.mul(h, i32x4.splat(0x7feb352d));
  h = v128.xor(h, i32x4.shr_u(h, 15));
  h = i32x4.mul(h, i32x4.splat(0x846ca68b));
  return v128.xor(h, i32x4.shr_u(h, 16));
}
