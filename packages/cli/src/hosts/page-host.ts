// The engine host as a page in headless Chrome; runners/page-connection.ts is the other side.

import { decodeMessage, encodeMessage } from "@convergence-lab/core";
import type { PageGlobals } from "../runners/page-connection.ts";
import { hostEngine } from "./engine-host.ts";

const page = globalThis as unknown as PageGlobals;

// The user agent hides all but the first number of the version; the command line knows it.
const versions = { chrome: location.hash.slice(1) };

await hostEngine(navigator.gpu, versions, {
  post: (message) => void page.clabSend(encodeMessage(message)),
  onMessage(handler) {
    page.clabReceive = (line) => handler(decodeMessage(line));
  },
  onClose() {},
});
