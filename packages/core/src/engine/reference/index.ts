// Entry "@convergence-lab/core/reference": the engine that kernels are compared with.

export { predict } from "./predict.ts";
export { createReferenceEngine, type ReferenceEngineOptions } from "./reference-engine.ts";
export type { Precision } from "./tensor.ts";
