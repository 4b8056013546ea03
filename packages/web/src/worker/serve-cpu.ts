// One of several workers that train without a GPU: an engine of its own behind the port to the lab's.

import { serveEngine } from "@convergence-lab/core";
import { openCpu } from "./open-cpu.ts";

export function serveCpu(): void {
  const scope = globalThis as unknown as Worker;
  serveEngine(
    {
      post: (message) => scope.postMessage(message),
      onMessage: (handler) => scope.addEventListener("message", ({ data }) => handler(data)),
      // It ends with the worker that started it.
      onClose: () => {},
    },
    // What is said is what is in the way of WebAssembly; why there is no GPU is known outside.
    () => openCpu(""),
  );
  scope.postMessage("ready");
}
