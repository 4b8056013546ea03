// What can go wrong between an engine and whoever drives it from elsewhere. A diverged network is
// no error; neither is a cancelled training.

export type EngineErrorCode =
  /** The worker, process or page in which the engine lives is gone. */
  | "ENGINE_CLOSED"
  /** The other side sent something that is not a message of ours. */
  | "ENGINE_BAD_MESSAGE"
  /** The engine has no kernels to measure. */
  | "ENGINE_NO_BENCHMARK"
  /** A value that a text message cannot carry. */
  | "ENGINE_UNSENDABLE_VALUE"
  /** The plan names a layer that the engine does not compute. */
  | "ENGINE_UNSUPPORTED_NETWORK";

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string) {
    super(message);
    this.name = "EngineError";
    this.code = code;
  }
}
