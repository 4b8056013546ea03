// `npm run site`: builds the packages, then the site, and shows it with --serve, on a machine without
// pnpm too.

import { createRequire } from "node:module";
import { join } from "node:path";
import { prepare, root, run } from "./steps.mjs";

await prepare();
const tsx = createRequire(join(root, "package.json")).resolve("tsx/cli");
const main = join(root, "packages/web/site/main.ts");
process.exitCode = await run(process.execPath, [
  tsx,
  "--conditions=source",
  main,
  ...process.argv.slice(2),
]);
