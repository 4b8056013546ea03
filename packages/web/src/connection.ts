// The page's side: one worker for all elements of a page, a session for each. It starts with the first
// session and ends with the last, and everything that it holds, a GPU device among it, ends with it.

import type { CallName, Calls, Control, Request, Response, SentError, Told } from "./messages.ts";
import { startWorker } from "./start-worker.ts";
import type { LabPort } from "./worker/serve-lab.ts";

/** A started worker, or what stands in for one. */
export interface LabWorker extends LabPort {
  end(): void;
}

/** An error of a session: its code, and of a spec everything that is wrong with it. */
export class LabError extends Error {
  readonly code: string | undefined;
  readonly problems: SentError["problems"];

  constructor({ name, message, code, problems }: SentError) {
    super(message);
    this.name = name;
    this.code = code ?? undefined;
    this.problems = problems;
  }
}

export class LabSession {
  readonly #hub: Hub;
  readonly #id: number;

  constructor(onTold: (event: Told) => void) {
    hub ??= new Hub();
    this.#hub = hub;
    this.#id = this.#hub.enter(onTold);
  }

  /** @throws LabError */
  call<Name extends CallName>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    return this.#hub.call(this.#id, name, args) as Promise<ReturnType<Calls[Name]>>;
  }

  control(control: Exclude<Control, "close">): void {
    this.#hub.control(this.#id, control);
  }

  close(): void {
    if (this.#hub.leave(this.#id) && hub === this.#hub) hub = undefined;
  }
}

/** That of this page, while it has a session. */
let hub: Hub | undefined;
let lastId = 0;

interface Pending {
  readonly session: number;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

class Hub {
  readonly #worker: Promise<LabWorker> = startWorker();
  readonly #listeners = new Map<number, (event: Told) => void>();
  readonly #pending = new Map<number, Pending>();

  constructor() {
    this.#worker.then((worker) =>
      worker.onMessage((message) => this.#receive(message as Response)),
    );
  }

  enter(onTold: (event: Told) => void): number {
    this.#listeners.set(++lastId, onTold);
    return lastId;
  }

  /** Whether that was the last session. */
  leave(session: number): boolean {
    this.control(session, "close");
    this.#listeners.delete(session);
    for (const [id, pending] of this.#pending) {
      if (pending.session !== session) continue;
      this.#pending.delete(id);
      pending.reject(closed());
    }
    if (this.#listeners.size > 0) return false;
    this.#worker.then((worker) => worker.end());
    return true;
  }

  call(session: number, name: CallName, args: readonly unknown[]): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { session, resolve, reject });
      this.#send({ kind: "call", session, id, name, args });
    });
  }

  control(session: number, control: Control): void {
    this.#send({ kind: "control", session, control });
  }

  #send(request: Request): void {
    this.#worker.then((worker) => worker.post(request));
  }

  #receive(response: Response): void {
    if (response.kind === "ready") return;
    if (response.kind === "tell") {
      this.#listeners.get(response.session)?.(response.event);
      return;
    }
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if (response.kind === "result") pending?.resolve(response.value);
    else pending?.reject(new LabError(response.error));
  }
}

function closed(): LabError {
  return new LabError({
    name: "LabError",
    message: "The element has left the page.",
    code: "LAB_CLOSED",
    problems: [],
  });
}
