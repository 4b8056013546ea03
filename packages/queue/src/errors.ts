// What can stop a queue, for a person and by a code.

export type QueueErrorCode =
  /** The address is none, or of something else than a Redis. */
  | "QUEUE_ADDRESS"
  /** Nothing answers there, or it refuses the password. */
  | "QUEUE_UNREACHABLE";

export class QueueError extends Error {
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, message: string) {
    super(message);
    this.name = "QueueError";
    this.code = code;
  }
}
