// A worker that a test can kill: says "start CHUNK" and "done CHUNK" on stdout, and trains nothing.
//   node --conditions=source --import tsx worker-process.ts URL MILLISECONDS-PER-CHUNK

import { setTimeout } from "node:timers/promises";
import { workOn } from "../src/index.ts";

const [url, milliseconds] = process.argv.slice(2);
await workOn(url, {
  engine: "cpu",
  adapter: "the test",
  concurrency: 1,
  lockSeconds: 1,
  untilEmpty: false,
  signal: new AbortController().signal,
  async train({ payload }, chunk) {
    console.log(`start ${chunk}`);
    await setTimeout(Number(milliseconds));
    console.log(`done ${chunk}`);
    return `${payload} ${chunk}\n`;
  },
});
