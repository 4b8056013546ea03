// `pnpm site`: builds the site into packages/web/site/dist. `pnpm site --serve` shows it as well.

import type { AddressInfo } from "node:net";
import { relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildSite } from "./build-site.ts";
import { serve } from "./serve.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: resolve(import.meta.dirname, "dist") },
    serve: { type: "boolean", default: false },
    port: { type: "string", default: "8080" },
  },
});
const pages = await buildSite(values.out, {
  onResult: (name, seconds) => console.error(`  ${name}: ${seconds.toFixed(1)} s`),
});
console.error(`${pages.length} pages in ${relative(process.cwd(), values.out) || "."}`);
if (values.serve) {
  const server = await serve(values.out, { port: Number(values.port) });
  console.error(`http://127.0.0.1:${(server.address() as AddressInfo).port}/ (Ctrl-C ends it)`);
}
