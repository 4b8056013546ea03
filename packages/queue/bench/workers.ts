// Workers of a bench, many in one process, that sleep where others train:
//   node --conditions=source --import tsx workers.ts URL WORKERS CONCURRENCY SECONDS-PER-CHUNK TRIALS

import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import { workOn } from "../src/index.ts";
import { resultText } from "./result-text.ts";

const [url, ...numbers] = process.argv.slice(2);
const [workers, concurrency, seconds, trials] = numbers.map(Number);
const stop = new AbortController();
setMaxListeners(workers, stop.signal);
process.on("SIGTERM", () => stop.abort());
await Promise.all(
  Array.from({ length: workers }, () =>
    workOn(url, {
      engine: "none",
      adapter: "sleep",
      concurrency,
      lockSeconds: 60,
      untilEmpty: false,
      signal: stop.signal,
      async train(_, chunk) {
        if (seconds > 0) await setTimeout(seconds * 1_000);
        return resultText(chunk, trials);
      },
    }),
  ),
);
