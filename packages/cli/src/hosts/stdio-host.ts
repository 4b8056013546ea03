// The engine host as a process, in Node or in Deno: messages as lines on stdin and stdout. Node's is told
// where the package `webgpu` lies: where Deno keeps packages, Node finds none by its name.

import { createRequire } from "node:module";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { decodeMessage, encodeMessage } from "@convergence-lab/core";
import { pollByTimer } from "@convergence-lab/engine-webgpu";
import { hostEngine } from "./engine-host.ts";

// stdout carries messages; whatever else wants to print goes to stderr.
console.log = console.error;

const { gpu, versions } = "Deno" in globalThis ? deno() : await node();

// Dawn's instance must stay referenced: once it is collected, the process dies in a mutex.
(globalThis as { gpuOfThisProcess?: GPU | undefined }).gpuOfThisProcess = gpu;

const { adapter } = await hostEngine(gpu, versions, {
  post: (message) => process.stdout.write(`${encodeMessage(message)}\n`),
  onMessage(handler) {
    createInterface({ input: process.stdin })
      .on("line", (line) => handler(decodeMessage(line)))
      // The command line has gone, and nobody waits for this process's results.
      .on("close", () => process.exit(0));
  },
  onClose() {},
});
// It computes on the cores that polling would take.
if (adapter?.isSoftware && !("Deno" in globalThis)) pollByTimer();

async function node() {
  const dawn = process.argv[2];
  const { create, globals } = (await import(pathToFileURL(dawn).href)) as typeof import("webgpu");
  // GPUBufferUsage and its like, which elsewhere are globals already.
  Object.assign(globalThis, globals);
  const { version } = createRequire(dawn)("./package.json") as { version: string };
  return { gpu: create([]), versions: { node: process.versions.node, webgpu: version } };
}

function deno() {
  const { version } = (globalThis as unknown as { Deno: { version: { deno: string } } }).Deno;
  return { gpu: navigator.gpu as GPU | undefined, versions: { deno: version.deno } };
}
