// Counter-based random numbers: every number is a pure function of (seed, stream, index).
//
// The kernels hold the same functions in WGSL (engine-webgpu/src/kernels/random.wgsl.ts); both are
// tested against one table of vectors. There is no state to carry, so a network draws the same
// numbers alone, in a population of a thousand, and after a resume.

/** What a stream of random numbers is used for. The value is the second word of the Threefry key. */
export const Stream = {
  /** Initial weights: add the layer index to get the stream of one layer. */
  initialWeights: 0x1000,
  /** Order of the rows in an epoch. */
  shuffle: 0x2000,
  /** Dropout masks: add the layer index. */
  dropout: 0x3000,
  /** Additive noise: add the layer index. */
  noise: 0x4000,
  /** Resampling in the statistics. */
  bootstrap: 0x5000,
  /** Settings of a sweep's trials: add the place of the parameter. */
  sweep: 0x6000,
} as const;

const SKEIN_PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011). Writes two unsigned 32-bit words to `out` and returns it. Its rounds are written out:
 * with their rotations in a table they take four times as long (V8).
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array = new Uint32Array(2),
): Uint32Array {
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  // The next three keys to be added: they follow one another in a circle.
  let next = key1 | 0;
  let second = (key0 ^ key1 ^ SKEIN_PARITY) | 0;
  let third = key0 | 0;
  for (let block = 1; ; block += 2) {
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 13) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 15) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 26) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 6) ^ x0;
    x0 = (x0 + next) | 0;
    x1 = (x1 + second + block) | 0;
    if (block === BLOCKS) break;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 17) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 29) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 16) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotated(x1, 24) ^ x0;
    x0 = (x0 + second) | 0;
    x1 = (x1 + third + block + 1) | 0;
    const added = next;
    next = third;
    third = second;
    second = added;
  }
  out[0] = x0;
  out[1] = x1;
  return out;
}

/** Of four rounds and a key. */
const BLOCKS = 5;

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** 24 random bits as a float in [0, 1); exact in float32. */
export function uniformFromBits(bits: number): number {
  return (bits >>> 8) * 2 ** -24;
}

/** Uniform numbers in [0, 1): element `index` of the stream. Two elements share one Threefry block. */
export function uniformAt(seed: number, stream: number, index: number, step = 0): number {
  const words = threefry2x32(seed, stream, index >>> 1, step);
  return uniformFromBits(words[index & 1]);
}

const block = new Uint32Array(2);

/** Writes `uniformAt` of elements first .. first + out.length - 1, a Threefry block for two. */
export function drawUniforms(
  out: Float32Array,
  seed: number,
  stream: number,
  step: number,
  first = 0,
): void {
  for (let i = -(first & 1); i < out.length; i += 2) {
    threefry2x32(seed, stream, (first + i) >>> 1, step, block);
    if (i >= 0) out[i] = uniformFromBits(block[0]);
    if (i + 1 < out.length) out[i + 1] = uniformFromBits(block[1]);
  }
}

/**
 * Standard normal numbers by Box-Muller: element `index` of the stream. One Threefry block gives
 * one number; 1 - u keeps the logarithm away from zero. `words` is room for the block, so that a
 * loop need not allocate it.
 */
export function normalAt(
  seed: number,
  stream: number,
  index: number,
  step = 0,
  words: Uint32Array = new Uint32Array(2),
): number {
  threefry2x32(seed, stream, index, step, words);
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFromBits(words[0])));
  return radius * Math.cos(2 * Math.PI * uniformFromBits(words[1]));
}

/**
 * Rounds of swap-or-not behind a permutation. Sixteen make all orders of 5 rows, and the pair of
 * images of two neighbours among 800, indistinguishable from uniform (random.test.ts); an
 * alternating Feistel network of 8 rounds failed on 5 rows.
 */
export const PERMUTATION_ROUNDS = 16;

/**
 * The round keys of one epoch's permutation of `count` rows: for each round the pivot, already
 * reduced modulo `count`, then the key of the swap bit. 2 * PERMUTATION_ROUNDS words.
 */
export function permutationKeys(
  seed: number,
  epoch: number,
  count: number,
  out: Uint32Array = new Uint32Array(2 * PERMUTATION_ROUNDS),
): Uint32Array {
  const pair = new Uint32Array(2);
  for (let round = 0; round < PERMUTATION_ROUNDS; round++) {
    threefry2x32(seed, Stream.shuffle, round, epoch, pair);
    out[2 * round] = pair[0] % count;
    out[2 * round + 1] = pair[1];
  }
  return out;
}

/**
 * Element `position` of a keyed permutation of 0 .. count - 1, by swap-or-not (Hoang, Morris,
 * Rogaway, "An enciphering scheme based on a card shuffle", CRYPTO 2012). No table is stored, and
 * any `count` works without walking.
 */
export function permutedIndex(keys: Uint32Array, position: number, count: number): number {
  let index = position;
  for (let round = 0; round < PERMUTATION_ROUNDS; round++) {
    const pivot = keys[2 * round];
    const partner = pivot >= index ? pivot - index : pivot + count - index;
    const larger = Math.max(index, partner);
    if (hash32(larger ^ keys[2 * round + 1]) & 1) index = partner;
  }
  return index;
}

/** A 32-bit finalizer with low bias (constants: Wellons, hash-prospector, "lowbias32"). */
function hash32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}
