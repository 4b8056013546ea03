// Bundles a benchmark into one file and runs it in Node. Bundled, because tfjs registers its
// gradients only when its modules are loaded as a bundler orders them.
//
//   node bench/run.mjs against-tfjs [arguments of the benchmark]

import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const [name = "against-tfjs", ...rest] = process.argv.slice(2);
const outfile = fileURLToPath(new URL(`../node_modules/.cache/${name}.bench.mjs`, import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL(`./${name}.bench.ts`, import.meta.url))],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  conditions: ["source"],
  mainFields: ["module", "main"],
  external: ["webgpu"],
  // Parts of tfjs are CommonJS and ask for Node's own modules.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
  logLevel: "error",
});
process.argv.splice(2, process.argv.length, ...rest);
await import(pathToFileURL(outfile).href);
