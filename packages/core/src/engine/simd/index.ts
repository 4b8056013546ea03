// Entry "@convergence-lab/core/simd": the engine of machines without a GPU.

export { createSimdEngine, type SimdEngineOptions, simdObstacle } from "./simd-engine.ts";
