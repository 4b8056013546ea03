// Ways to start a worker, in turn: what a page's policy forbids fails, and the next is tried. The last
// is no worker at all: the lab then runs in the page between two of its frames.

import type { LabWorker } from "./connection.ts";

/** The first that answers; a page whose policy forbids all of them gets the lab in the page itself. */
export async function firstToStart(ways: readonly (() => Worker)[]): Promise<LabWorker> {
  for (const start of ways) {
    try {
      return await answering(start());
    } catch {
      // The next way.
    }
  }
  return inThePage();
}

/** A script that loads slowly is no script that fails: the network decides, not a clock. */
function answering(worker: Worker): Promise<LabWorker> {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => {
      event.preventDefault?.();
      worker.terminate();
      reject(new Error("the worker did not start"));
    };
    worker.onmessage = () => {
      worker.onerror = null;
      worker.onmessage = null;
      resolve({
        post: (message, transfer) => worker.postMessage(message, transfer ?? []),
        onMessage: (handler) => {
          worker.onmessage = ({ data }) => handler(data);
        },
        end: () => worker.terminate(),
      });
    };
  });
}

async function inThePage(): Promise<LabWorker> {
  const { serveLab } = await import("./worker/serve-lab.ts");
  const { port1, port2 } = new MessageChannel();
  const portOf = (port: MessagePort) => ({
    post: (message: unknown, transfer?: Transferable[]) =>
      port.postMessage(message, transfer ?? []),
    onMessage: (handler: (message: unknown) => void) => {
      port.onmessage = ({ data }) => handler(data);
    },
  });
  serveLab(portOf(port2));
  return { ...portOf(port1), end: () => port1.close() };
}

/** A worker whose script is given as text. */
export function blobWorker(script: string): Worker {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url);
  const revoke = () => URL.revokeObjectURL(url);
  worker.addEventListener("message", revoke, { once: true });
  worker.addEventListener("error", revoke, { once: true });
  return worker;
}
