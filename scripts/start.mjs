// `npm start`: from a fresh clone to the article's three experiments, trained and judged.

import { clab, prepare, run } from "./steps.mjs";

await prepare();
const specs = [1, 2, 3].map((number) => `examples/article-${number}.yaml`);
console.error("");
// Ctrl-C is for clab, which stops in order; this process waits for it.
process.on("SIGINT", () => {});
process.exitCode = await run(process.execPath, [clab, "run", ...specs]);
