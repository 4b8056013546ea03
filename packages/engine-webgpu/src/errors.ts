// Everything that can go wrong with a device. A diverged network is no error.

export type GpuErrorCode =
  /** The runtime has no WebGPU, or no adapter that it accepts. */
  | "GPU_NO_ADAPTER"
  /** The adapter would not give a device. */
  | "GPU_NO_DEVICE"
  /** The device went away while something ran on it. */
  | "GPU_DEVICE_LOST"
  /** A shader or pipeline was refused. */
  | "GPU_PIPELINE_FAILED"
  /** The device reported an error while it trained. */
  | "GPU_VALIDATION_FAILED"
  | "GPU_OUT_OF_MEMORY"
  /** The kernels do not have this kind of network; another engine does. */
  | "GPU_UNSUPPORTED_NETWORK"
  /** A buffer would be larger than the adapter allows. */
  | "GPU_TOO_LARGE"
  /** The adapter computes wrong numbers. */
  | "GPU_SELF_CHECK_FAILED";

export class GpuError extends Error {
  readonly code: GpuErrorCode;

  constructor(code: GpuErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GpuError";
    this.code = code;
  }
}
