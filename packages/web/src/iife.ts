// The one-file version: a page script that defines the element, and the script of its workers.

import "./script-address.ts";
import { define } from "./define-element.ts";
import { CPU_WORKER } from "./start-cpu-worker-iife.ts";
import { serveCpu } from "./worker/serve-cpu.ts";
import { serveWorker } from "./worker/serve-worker.ts";

if (globalThis.document !== undefined) define();
else if ((globalThis as { name?: string }).name === CPU_WORKER) serveCpu();
else serveWorker();
