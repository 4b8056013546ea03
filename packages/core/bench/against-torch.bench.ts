// The SIMD engine against PyTorch, a population on the same two cores: simd-engine.bench.ts and
// peers/torch-population.py in turn. Each checks its own numbers before it prints a time, the one
// against the reference engine, the other against its autograd.
//
//   apt-get install python3-torch
//   npx tsx --conditions=source packages/core/bench/against-torch.bench.ts [256] [20-64-32-1] [--rounds 5]
//
// --python names a Python that has torch; Debian's is /usr/bin/python3.

/// <reference types="node" />
import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});
const [networks = "256", widths = "20-64-32-1"] = positionals;
const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SIMD = [beside("./simd-engine.bench.ts"), networks, widths];
const TORCH = [beside("./peers/torch-population.py"), networks, widths, "2"];

const least = { simd: Number.POSITIVE_INFINITY, torch: Number.POSITIVE_INFINITY };
console.log(
  `${networks} networks ${widths}, batch 32, Adam, ms per model-step; ${cpus().length} x ${cpus()[0].model}`,
);
console.log("| round | SIMD, 2 workers | PyTorch, 2 threads | SIMD / PyTorch | load |");
console.log("| --- | ---: | ---: | ---: | ---: |");
for (let round = 1; round <= Number(options.rounds); round++) {
  const simd = medianOf(run(process.execPath, [...process.execArgv, ...SIMD]), "2 workers");
  const torch = medianOf(run(options.python, TORCH), "PyTorch");
  print(String(round), simd, torch, loadavg()[0].toFixed(1));
  least.simd = Math.min(least.simd, simd);
  least.torch = Math.min(least.torch, torch);
}
print("least", least.simd, least.torch, "");

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8" });
}

/** From the line that begins so. */
function medianOf(output: string, start: string): number {
  const line = output.split("\n").find((each) => each.startsWith(start));
  const ms = /([\d.]+) ms per model-step/.exec(line ?? "")?.[1];
  if (ms === undefined) throw new Error(`no time in: ${output}`);
  return Number(ms);
}

function print(round: string, simd: number, torch: number, load: string): void {
  const ratio = (simd / torch).toFixed(2);
  console.log(`| ${round} | ${simd.toFixed(4)} | ${torch.toFixed(4)} | ${ratio} | ${load} |`);
}
