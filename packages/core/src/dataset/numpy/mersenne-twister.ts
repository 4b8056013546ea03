// MT19937: the source of 32-bit words behind NumPy's legacy random numbers.
//
// Recurrence, tempering and seeding by one integer are those of Matsumoto and Nishimura, "Mersenne
// Twister", ACM TOMACS 8 (1998), with `init_genrand` of their 2002 revision. It is here to repeat
// data that Python users already have; random numbers of training come from shared/random.ts.

const STATE_WORDS = 624;
const SHIFT_WORDS = 397;
const TWIST = 0x9908b0df;

export class MersenneTwister {
  readonly #state = new Uint32Array(STATE_WORDS);
  #position = STATE_WORDS;

  /** `seed` is an integer from 0 to 2^32 - 1; the caller checks it. */
  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts the sequence of `seed` anew. */
  seed(seed: number): void {
    let word = seed >>> 0;
    for (let i = 0; i < STATE_WORDS; i++) {
      this.#state[i] = word;
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i + 1) >>> 0;
    }
    this.#position = STATE_WORDS;
  }

  /** The next 32 random bits, as an integer from 0 to 2^32 - 1. */
  nextUint32(): number {
    if (this.#position === STATE_WORDS) this.#refill();
    let word = this.#state[this.#position++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** The next number in [0, 1) with 53 random bits; takes two words. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < STATE_WORDS; i++) {
      const next = state[(i + 1) % STATE_WORDS];
      const joined = (state[i] & 0x80000000) | (next & 0x7fffffff);
      const twisted = (joined >>> 1) ^ (next & 1 ? TWIST : 0);
      state[i] = state[(i + SHIFT_WORDS) % STATE_WORDS] ^ twisted;
    }
    this.#position = 0;
  }
}
