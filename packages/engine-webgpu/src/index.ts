// The engine on WebGPU: what the command line and the page use.

export { type AdapterReport, isSoftwareAdapter, reportAdapter } from "./device/adapter-report.ts";
export { pollByTimer } from "./device/poll-by-timer.ts";
export { GpuError, type GpuErrorCode } from "./errors.ts";
export {
  createTfjsEngine,
  type TfjsBackend,
  type TfjsEngineOptions,
  TfjsError,
  type TfjsErrorCode,
} from "./fallback-tfjs/index.ts";
export { requireTrustworthyEngine, type SelfCheck, selfCheck } from "./self-check.ts";
export { unsupportedReason, unsupportedWord } from "./supported-network.ts";
export {
  createWebGpuEngine,
  type WebGpuEngine,
  type WebGpuEngineOptions,
} from "./webgpu-engine.ts";
