// A worker that a test can kill: says "start CHUNK" and "done CHUNK" on stdout, and trains nothing.
//   node --conditions=source --import tsx worker-process.ts URL CHUNKS
// It does so many chunks and does not come to an end with the one after them; "Infinity" is all.

import { setTimeout } from "node:timers/promises";
import { workOn } from "../src/index.ts";

const [url, chunks] = process.argv.slice(2);
let started = 0;
await workOn(url, {
  engine: "cpu",
  adapter: "the test",
  concurrency: 1,
  lockSeconds: 1,
  untilEmpty: false,
  signal: new AbortController().signal,
  async train({ payload }, chunk) {
    console.log(`start ${chunk}`);
    if (++started > Number(chunks)) await setTimeout(2 ** 31 - 1);
    console.log(`done ${chunk}`);
    return `${payload} ${chunk}\n`;
  },
});
