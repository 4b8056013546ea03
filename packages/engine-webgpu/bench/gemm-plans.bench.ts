// The versions of a dense layer's three products in tier L against each other, each checked against
// sums in float64 before it is timed, as a share of the device's measured float32 peak.
//
//   node bench/run.mjs gemm-plans [2048 ...] [--networks 1] [--batch 2048] [--json FILE]

/// <reference types="node" />
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type GemmSize, gemmCases } from "../src/bench/gemm-cases.ts";
import { measureCases, Speeds } from "../src/bench/kernel-case.ts";
import { measurePeak } from "../src/bench/peak.ts";
import { requestGpu } from "../src/device/request-device.ts";
import type { KernelPlan } from "../src/kernels/train-population/kernel-plan.ts";
import { nodeGpu } from "../test/node-gpu.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: "string", default: "1" },
    batch: { type: "string" },
    rounds: { type: "string", default: "3" },
    json: { type: "string" },
  },
});
const WIDTHS = (positionals.length > 0 ? positionals : ["1024", "2048"]).map(Number);

const PLANS: readonly KernelPlan["dense"][] = [
  { edge: 1, isStoredInLoop: false },
  { edge: 2, isStoredInLoop: false, isSquare: true },
  { tile: 64, wantedTiles: 1, depth: 8 },
  { tile: 64, wantedTiles: 1, depth: 16 },
  { tile: 128, wantedTiles: 1, depth: 8 },
  { tile: 128, wantedTiles: 1, depth: 16 },
];

const gpu = await requestGpu(nodeGpu());
const peak = await measurePeak(gpu, 3);
const perSecond = peak.status === "measured" ? peak.perSecond : Number.NaN;
console.log(`${gpu.adapter.name}: float32 peak ${(perSecond / 1e12).toPrecision(3)} TFLOP/s\n`);
console.log("| product | networks | batch | version | GFLOP/s | of peak | check |");
console.log("| --- | ---: | ---: | --- | ---: | ---: | --- |");
const all = [];
for (const width of WIDTHS) {
  const networks = Number(options.networks);
  const size: GemmSize = { width, networks, batch: Number(options.batch ?? width) };
  const cases = PLANS.flatMap((dense) =>
    gemmCases(gpu, size, { tier: "L", workgroupSize: 128, values: "storage", dense }),
  );
  const limits = { rounds: Number(options.rounds), operationSeconds: 8, deadline: Infinity };
  const rows = await measureCases(gpu, cases, limits, new Speeds());
  for (const row of rows.toSorted((a, b) => a.kind.localeCompare(b.kind))) {
    const { kind, shape, batch, flops, says } = row;
    const start = `| ${kind} ${shape} | ${networks} | ${batch}`;
    if (row.status !== "measured") console.log(`${start} | | ${row.status} | | ${says} |`);
    else {
      const rate = flops / row.seconds;
      const share = ((100 * rate) / perSecond).toPrecision(3);
      console.log(`${start} | ${row.tier} | ${Math.round(rate / 1e9)} | ${share}% | ${says} |`);
    }
  }
  all.push(...rows);
}
if (options.json) {
  writeFileSync(options.json, JSON.stringify({ adapter: gpu.adapter, peak, rows: all }, null, 1));
}
process.exit(0);
