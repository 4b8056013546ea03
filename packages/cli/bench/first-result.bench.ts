// Seconds from `clab run` to the report of a network that this machine has not seen before, on
// Chromium's SwiftShader: starting Node, finding the adapter, checking it, compiling, training one
// epoch, writing the report. A driver may keep what it has compiled, SwiftShader does not.
//
//   npm run build && npx tsx packages/cli/bench/first-result.bench.ts [20-64-32-1] [--rounds 7]
//   npx tsx packages/cli/bench/first-result.bench.ts --against ../other-checkout
//
// With --against another built checkout runs in turn with this one. The loss of every run is compared
// with the cpu engine's before a time is printed.

/// <reference types="node" />
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "7" }, against: { type: "string" } },
});
const [shape = "20-64-32-1"] = positionals;
const HERE = fileURLToPath(new URL("../../..", import.meta.url));
const checkouts = options.against === undefined ? [HERE] : [HERE, options.against];

/** One epoch of ten steps: rounding has hardly grown. */
const AGREEMENT = 1e-5;
const [inputs, ...units] = shape.split("-").map(Number);
const SPEC = {
  name: "first-result",
  data: {
    source: {
      kind: "numpy",
      features: { rand: [320, inputs] },
      labels: { randint: { low: 0, high: 2, size: 320 } },
    },
  },
  model: {
    layers: units.map((count, l) => ({
      units: count,
      activation: l === units.length - 1 ? "sigmoid" : "relu",
    })),
  },
  train: { loss: "binaryCrossentropy", optimizer: "adam", epochs: 1 },
  seeds: { training: 1 },
};

const folder = mkdtempSync(join(tmpdir(), "first-result-"));
try {
  const spec = join(folder, "spec.json");
  writeFileSync(spec, JSON.stringify(SPEC));
  const expected = run(HERE, spec, "cpu").loss;
  const seconds = checkouts.map((): number[] => []);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [i, checkout] of checkouts.entries()) {
      const result = run(checkout, spec, "webgpu");
      if (!(Math.abs(result.loss - expected) <= AGREEMENT)) {
        throw new Error(`${checkout}: a loss of ${result.loss}, not ${expected}; not timed.`);
      }
      seconds[i].push(result.seconds);
    }
  }
  console.log(`${shape}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}`);
  for (const [i, checkout] of checkouts.entries()) {
    const sorted = seconds[i].toSorted((a, b) => a - b);
    const [least, median, most] = [0, sorted.length >> 1, sorted.length - 1].map((place) =>
      sorted[place].toFixed(2),
    );
    console.log(`${median} s (${least} to ${most}, ${sorted.length} rounds)  ${checkout}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function run(checkout: string, spec: string, engine: "webgpu" | "cpu") {
  const out = join(folder, "runs");
  rmSync(out, { recursive: true, force: true });
  const program = join(checkout, "packages/cli/dist/bin.js");
  const args = ["run", spec, "--engine", engine, "--runtime", "node", "--out", out, "--quiet"];
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  const [name] = readdirSync(out);
  const report = JSON.parse(readFileSync(join(out, name, "report.json"), "utf8"));
  if (report.engine.name !== engine) throw new Error(`${report.engine.name} ran, not ${engine}.`);
  const [variant] = Object.values<{ final: { loss: { mean: number } } }>(report.variants);
  return { seconds, loss: variant.final.loss.mean };
}
