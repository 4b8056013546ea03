// The lab behind the port of the worker that this runs in.

import { serveLab } from "./serve-lab.ts";

export function serveWorker(): void {
  const scope = globalThis as unknown as {
    postMessage(message: unknown, transfer: Transferable[]): void;
    addEventListener(type: "message", handler: (event: MessageEvent) => void): void;
  };
  serveLab({
    post: (message, transfer) => scope.postMessage(message, transfer ?? []),
    onMessage: (handler) => scope.addEventListener("message", ({ data }) => handler(data)),
  });
}
