// One worker of the cpu engine: an engine of its own behind the port to the command line.

import { parentPort } from "node:worker_threads";
import { serveEngine } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { createSimdEngine } from "@convergence-lab/core/simd";
import type { CpuEngineOptions } from "../runners/cpu-pool.ts";

const port = parentPort!;
serveEngine(
  {
    post: (message) => port.postMessage(message),
    onMessage: (handler) => port.on("message", handler),
    onClose: (handler) => port.on("close", handler),
  },
  (options) => {
    const { precision, reason, versions } = options as CpuEngineOptions;
    return precision === "float64"
      ? createReferenceEngine({ precision, reason, versions })
      : createSimdEngine({ reason, versions });
  },
);
