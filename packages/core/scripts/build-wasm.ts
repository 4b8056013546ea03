// Compiles wasm/ to src/engine/simd/kernels.generated.ts: the module as base64 in a TypeScript
// file, because then every bundler, Node and Deno load it with no plugin and no request.
//
//   npx tsx packages/core/scripts/build-wasm.ts

/// <reference types="node" />
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = resolve(import.meta.dirname, "..");
export const generatedFile = join(root, "src/engine/simd/kernels.generated.ts");

/**
 * Every function of these files is written into its callers: V8 inlines no calls of WebAssembly. Their
 * decorator says so to AssemblyScript alone, since it is none of TypeScript's.
 */
const INLINED = ["wasm/vector-math.ts", "wasm/optimizer-state.ts"];
const FUNCTION = /^(export )?function/gm;

/** The text of kernels.generated.ts that the sources give. */
export async function generateKernels(): Promise<string> {
  let wasm = new Uint8Array();
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
      readFile: async (name, base) => {
        const source = await readFile(resolve(root, base, name), "utf8").catch(() => null);
        return INLINED.includes(name) ? (source?.replace(FUNCTION, "@inline $&") ?? null) : source;
      },
      writeFile: (_name, contents) => {
        wasm = Buffer.from(contents);
      },
    },
  );
  if (error !== null) throw new Error(`${error.message}\n${stderr}`);
  return [
    "// Written by scripts/build-wasm.ts from wasm/*.ts; do not edit.",
    "",
    `/** ${wasm.length} bytes of WebAssembly. */`,
    "export const KERNELS =",
    `  "${Buffer.from(wasm).toString("base64")}";`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(generatedFile, await generateKernels());
}
