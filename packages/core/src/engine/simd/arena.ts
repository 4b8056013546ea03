// Space in a module's linear memory, given out front to back. A new arena takes everything back.

import type { Kernels } from "./kernels.ts";

const PAGE = 65536;
/** Areas start at cache lines, so that no vector load of a tile straddles two. */
const ALIGNMENT = 64;
/**
 * Below lie the kernels' constants (wasm/vector-math.ts) and 512 KB that products pack columns into
 * (wasm/matmul.ts); address 0 means "none" to them.
 */
export const START = 4096 + 0x80000;

export class Arena {
  readonly #memory: Kernels["memory"];
  #end = START;

  constructor(memory: Kernels["memory"]) {
    this.#memory = memory;
  }

  /** The address of `count` zeros of 4 bytes. Views made before may be detached. */
  allocate(count: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + count * 4) / ALIGNMENT) * ALIGNMENT;
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    this.floats(address, count).fill(0);
    return address;
  }

  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, count);
  }

  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, address, count);
  }
}
