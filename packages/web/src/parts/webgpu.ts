// Loaded where there is an adapter.

export { createWebGpuEngine, reportAdapter } from "@convergence-lab/engine-webgpu";
