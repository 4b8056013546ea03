// The one-file version: a page script that defines the element, and the script of its worker.

import "./script-address.ts";
import { define } from "./define-element.ts";
import { serveWorker } from "./worker/serve-worker.ts";

if (globalThis.document === undefined) serveWorker();
else define();
