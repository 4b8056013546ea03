// The module: coarse kernels over linear memory, called by src/engine/simd. An address is a byte
// offset, a count counts float32 numbers, a row's length is in bytes. A kernel allocates nothing
// and keeps nothing; its constants lie in the first 4,096 bytes.

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
