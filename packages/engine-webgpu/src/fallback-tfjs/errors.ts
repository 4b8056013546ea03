// What the fallback cannot do. A diverged network is no error.

export type TfjsErrorCode =
  /** The backend that was asked for does not start here. */
  | "TFJS_BACKEND_UNAVAILABLE"
  /** The plan names something that the fallback does not compute. */
  | "TFJS_UNSUPPORTED";

export class TfjsError extends Error {
  readonly code: TfjsErrorCode;

  constructor(code: TfjsErrorCode, message: string) {
    super(message);
    this.name = "TfjsError";
    this.code = code;
  }
}
