// The module worker of a page: one for all of its elements.

import { serveWorker } from "./serve-worker.ts";

serveWorker();
