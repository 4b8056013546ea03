// A channel of text lines to the process or page that holds a device. What the lines say is the
// business of engine-host.ts.

export interface Connection {
  send(line: string): void;
  /** Takes the listener's place from now on; lines that came before the first one are kept for it. */
  onLine(listener: (line: string) => void): void;
  /** Called when the other side ends by itself, with what is known about why. */
  onLost(listener: (reason: string) => void): void;
  close(): Promise<void>;
}

/** The receiving half of a connection: keeps what arrives before somebody listens. */
export class Inbox {
  #listener: ((line: string) => void) | undefined;
  #lost: ((reason: string) => void) | undefined;
  #reason: string | undefined;
  readonly #waiting: string[] = [];

  push(line: string): void {
    if (this.#listener) this.#listener(line);
    else this.#waiting.push(line);
  }

  lose(reason: string): void {
    this.#reason ??= reason;
    this.#lost?.(this.#reason);
  }

  onLine(listener: (line: string) => void): void {
    this.#listener = listener;
    for (const line of this.#waiting.splice(0)) listener(line);
  }

  onLost(listener: (reason: string) => void): void {
    this.#lost = listener;
    if (this.#reason !== undefined) listener(this.#reason);
  }
}
