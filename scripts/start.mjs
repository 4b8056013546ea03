// `npm start`: from a fresh clone to the article's three experiments, trained and judged.

import { build, checkNode, clab, install, run, StepFailed } from "./steps.mjs";

checkNode();
try {
  await install();
  await build();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.exit(1);
}
const specs = [1, 2, 3].map((number) => `examples/article-${number}.yaml`);
console.error("");
// Ctrl-C is for clab, which stops in order; this process waits for it.
process.on("SIGINT", () => {});
process.exitCode = await run(process.execPath, [clab, "run", ...specs]);
