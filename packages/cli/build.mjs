// Bundles yargs, so that help answers at once, and what runs outside of this package's own process: the
// engine hosts for Deno, Node and the page, and the worker of the cpu engine. Each of these becomes one file, because a page and a Deno without
// permissions cannot look up packages, and a worker starts faster that way. The host in a process is
// several: it says whether there is an adapter before it reads the engines.

import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const shared = {
  bundle: true,
  // File by file, of which most are left out.
  conditions: ["source"],
  format: "esm",
  target: "es2023",
  sourcemap: true,
  logLevel: "warning",
};

await rm("dist/hosts/chunks", { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    // In the place of what tsc makes of it.
    entryPoints: { yargs: "src/yargs.ts" },
    outdir: "dist",
    platform: "node",
    minify: true,
    metafile: true,
    alias: { "string-width": "./src/help-width.ts" },
  }).then(writeLicenses),
  build({
    ...shared,
    entryPoints: { "hosts/stdio-host": "src/hosts/stdio-host.ts" },
    outdir: "dist",
    chunkNames: "hosts/chunks/[name]-[hash]",
    splitting: true,
    platform: "node",
    // A part of tfjs is CommonJS and asks for Node's own modules.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  }),
  build({
    ...shared,
    entryPoints: { "hosts/page-host": "src/hosts/page-host.ts" },
    outdir: "dist",
    platform: "browser",
  }),
  build({
    ...shared,
    entryPoints: { "hosts/cpu-worker": "src/hosts/cpu-worker.ts" },
    outdir: "dist",
    platform: "node",
  }),
]);

// The pages that `clab explain` prints.
await Promise.all(
  ["checks", "causes"].map((kind) =>
    cp(`../../docs/${kind}`, `dist/docs/${kind}`, { recursive: true, force: true }),
  ),
);

/** The licenses of the packages that are in a bundle, which they ask to stand beside it. */
async function writeLicenses({ metafile }) {
  const folders = Object.keys(metafile.inputs).map(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0],
  );
  const texts = await Promise.all(
    [...new Set(folders)].filter(Boolean).map(async (folder) => {
      const file = (await readdir(folder)).find((name) => /^license/i.test(name));
      const text = await readFile(`${folder}/${file}`, "utf8");
      return `${folder.split("node_modules/").at(-1)}\n\n${text.trim()}\n`;
    }),
  );
  await writeFile("dist/yargs.licenses.txt", texts.sort().join("\n\n"));
}
