// The module: coarse kernels over linear memory, called by src/engine/simd. An address is a byte
// offset, a count counts float32 numbers, a row's length is in bytes. A kernel allocates nothing
// and keeps nothing; constants and what matmul packs lie below `heapBase`.

export * from "./activations";
export * from "./arithmetic";
export * from "./batches";
export * from "./dense";
export * from "./dropout";
export * from "./losses";
export * from "./matmul";
export * from "./normalization";
export * from "./optimizers";
export * from "./random";

/** The first byte that is free. */
export function heapBase(): usize {
  return __heap_base;
}
