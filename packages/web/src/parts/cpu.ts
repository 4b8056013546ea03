// Loaded when something trains without a GPU.

export { createSimdEngine } from "@convergence-lab/core/simd";
