// What a page loads. One set of modules that share their chunks: the element, and the workers with the
// parts that they load when they are asked for. And the same as one classic script for pages that know
// no modules: that script holds its own text, so that its worker needs no second file.

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";
import { directImports } from "./direct-imports.mjs";
import { withoutDescriptions, withShortShaders } from "./short-sources.mjs";

const withDirectImports = directImports({
  "@convergence-lab/core": "../core/src/index.ts",
  "@convergence-lab/core/reference": "../core/src/engine/reference/index.ts",
  "@convergence-lab/core/simd": "../core/src/engine/simd/index.ts",
  "@convergence-lab/engine-webgpu": "../engine-webgpu/src/index.ts",
});

/** The sources of this repository as they are bundled. */
const sources = {
  name: "sources",
  setup({ onLoad }) {
    onLoad({ filter: /\/packages\/(web|core|engine-webgpu)\/src\/.*\.ts$/ }, async ({ path }) => {
      const module = withShortShaders(withDirectImports(await readFile(path, "utf8"), path));
      const isSchema = /\/core\/src\/spec\//.test(path);
      return { contents: isSchema ? withoutDescriptions(module) : module, loader: "ts" };
    });
  },
};

const shared = {
  bundle: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  platform: "browser",
  minify: true,
  logLevel: "warning",
  legalComments: "none",
  // Readers for Node's own streams have no place in a page.
  conditions: ["source", "browser", "module"],
};

await mkdir("dist", { recursive: true });
// Chunks have new names in every build.
for (const file of await readdir("dist")) {
  if (/\.js(\.map)?$/.test(file)) await rm(`dist/${file}`);
}
await Promise.all([modules(), oneFile(), copySchema()]);

async function modules() {
  await build({
    ...shared,
    entryPoints: {
      index: "src/index.ts",
      define: "src/define.ts",
      static: "src/static.ts",
      "lab-worker": "src/worker/lab-worker.ts",
      "cpu-worker": "src/worker/cpu-worker.ts",
    },
    outdir: "dist",
    splitting: true,
    plugins: [sources],
    sourcemap: true,
    // Beside the entries: the worker's address is relative to the chunk that starts it.
    chunkNames: "[name]-[hash]",
    metafile: true,
  }).then(({ metafile }) => writeFile("dist/modules.json", JSON.stringify(loadedBy(metafile))));
}

async function oneFile() {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: ["src/iife.ts"],
    format: "iife",
    write: false,
    plugins: [
      inPlaceOf({
        "start-worker.ts": "start-worker-iife.ts",
        "start-cpu-worker.ts": "start-cpu-worker-iife.ts",
        "tfjs.ts": "no-tfjs.ts",
      }),
      sources,
    ],
  });
  const text = outputFiles[0].text.trim();
  const program = `function convergenceLab(){var convergenceLabProgram=()=>"("+convergenceLab+")()";${text}}`;
  await writeFile("dist/lab.iife.js", `(${program})();\n`);
  const widget = await transform(await readFile("src/anywidget.ts", "utf8"), {
    loader: "ts",
    minify: true,
    target: shared.target,
  });
  await writeFile("dist/anywidget.js", `(${program})();\n${widget.code}`);
}

/** Modules that the one-file version has others for. */
function inPlaceOf(others) {
  return {
    name: "in-place-of",
    setup({ onResolve }) {
      onResolve(
        { filter: /\/(start-worker|start-cpu-worker|tfjs)\.ts$/ },
        ({ path, resolveDir }) => {
          const name = path.split("/").at(-1);
          return {
            path: new URL(path.replace(name, others[name]), `file://${resolveDir}/`).pathname,
          };
        },
      );
    },
  };
}

/** Which files each entry and each part loads at once, for the test that holds them to their budget. */
function loadedBy({ outputs }) {
  const staticImports = (file) =>
    outputs[file].imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path);
  const closure = (file, seen = new Set()) => {
    if (seen.has(file)) return seen;
    seen.add(file);
    for (const path of staticImports(file)) closure(path, seen);
    return seen;
  };
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined);
  return Object.fromEntries(
    entries.map(([file, { entryPoint }]) => [
      entryPoint,
      [...closure(file)].map((path) => path.replace(/^dist\//, "")),
    ]),
  );
}

async function copySchema() {
  await copyFile("../../examples/spec.schema.json", "dist/lab.schema.json");
}
