// The port to the process or page that holds a device, as text lines. What the messages say is the
// business of the engine and of hosts/engine-host.ts.

import { decodeMessage, encodeMessage, type Port } from "@convergence-lab/core";

export interface Connection extends Port {
  /** Why the other side ended by itself; undefined while it lives. */
  readonly lost: string | undefined;
  close(): Promise<void>;
}

/** The receiving half of a connection: keeps messages that arrive before somebody listens. */
export class Inbox {
  readonly #waiting: unknown[] = [];
  #onMessage: ((message: unknown) => void) | undefined;
  #onClose: (() => void) | undefined;
  #lost: string | undefined;

  get lost(): string | undefined {
    return this.#lost;
  }

  receive(line: string): void {
    const message = decodeMessage(line);
    if (this.#onMessage) this.#onMessage(message);
    else this.#waiting.push(message);
  }

  lose(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = reason;
    this.#onClose?.();
  }

  /** The handler takes the place of the one before. */
  onMessage(handler: (message: unknown) => void): void {
    this.#onMessage = handler;
    for (const message of this.#waiting.splice(0)) handler(message);
  }

  onClose(handler: () => void): void {
    this.#onClose = handler;
    if (this.#lost !== undefined) handler();
  }
}

/** A connection over an inbox, a way to send one line, and a way to end the other side. */
export function connectionOf(
  inbox: Inbox,
  send: (line: string) => void,
  close: () => Promise<void>,
): Connection {
  return {
    get lost() {
      return inbox.lost;
    },
    post: (message) => send(encodeMessage(message)),
    onMessage: (handler) => inbox.onMessage(handler),
    onClose: (handler) => inbox.onClose(handler),
    async close() {
      inbox.onClose(() => {});
      await close();
    },
  };
}
