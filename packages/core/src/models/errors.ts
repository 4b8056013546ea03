// What can be wrong with a file that holds a network. Messages name the file, the layer or the
// setting, and the way out.

export type ModelErrorCode =
  /** Empty, cut off, too large, or no model at all. */
  | "MODEL_UNREADABLE"
  /** A model, with a layer or a setting that no spec can say. */
  | "MODEL_UNSUPPORTED"
  /** A model that does not fit what it is used for: the table's columns, or its own weights. */
  | "MODEL_MISMATCH";

export class ModelError extends Error {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string) {
    super(message);
    this.name = "ModelError";
    this.code = code;
  }
}

export function unreadable(file: string, reason: string): ModelError {
  return new ModelError("MODEL_UNREADABLE", `cannot read ${file}: ${reason}`);
}

export function unsupported(file: string, reason: string): ModelError {
  return new ModelError("MODEL_UNSUPPORTED", `${file}: ${reason}`);
}
