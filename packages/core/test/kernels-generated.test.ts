/// <reference types="node" />
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedFile, generateKernels } from "../scripts/build-wasm.ts";

test("the committed kernels are what wasm/*.ts gives", async () => {
  const committed = readFileSync(generatedFile, "utf8");
  const same = committed === (await generateKernels());
  expect(same, "run: npx tsx packages/core/scripts/build-wasm.ts").toBe(true);
});
