// Compiles wasm/ to src/engine/simd/kernels.generated.ts: the module as base64 in a TypeScript
// file, because then every bundler, Node and Deno load it with no plugin and no request.
//
//   node scripts/build-wasm.mjs

import { readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = resolve(import.meta.dirname, "..");
export const generatedFile = join(root, "src/engine/simd/kernels.generated.ts");

/** The text of kernels.generated.ts that the sources give. */
export async function generateKernels() {
  let module;
  const { error, stderr } = await asc.main(
    [
      "wasm/index.ts",
      ...["--outFile", "kernels.wasm"],
      ...["--runtime", "stub"],
      ...["--enable", "simd"],
      "-O3",
      "--noAssert",
      // "Exchange of v128 values": helpers pass vectors to each other, no export does.
      ...["--disableWarning", "112"],
    ],
    {
      readFile: (name, base) => readFile(resolve(root, base, name), "utf8").catch(() => null),
      writeFile: (_name, contents) => {
        module = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return [
    `// Written by ${relative(root, fileURLToPath(import.meta.url))} from wasm/*.ts; do not edit.`,
    "",
    `/** ${module.length} bytes of WebAssembly. */`,
    "export const KERNELS =",
    `  "${Buffer.from(module).toString("base64")}";`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(generatedFile, await generateKernels());
}
