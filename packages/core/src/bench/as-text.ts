// A benchmark's result -> what a terminal shows.

import type { Ceiling } from "../engine/benchmark.ts";
import { plainText, wrap } from "../report/plain-text.ts";
import type { BenchmarkResult, RatedRow } from "./benchmark-result.ts";
import { type Column, columnLines } from "./table.ts";
import { durationText, rateText, shareText } from "./units.ts";

const COLUMNS: readonly Column[] = [
  { name: "operation", align: "left" },
  { name: "shape", align: "left" },
  { name: "networks", align: "right" },
  { name: "batch", align: "right" },
  { name: "time", align: "right" },
  { name: "spread", align: "right" },
  { name: "model-steps/s", align: "right" },
  { name: "GFLOP/s", align: "right" },
  { name: "of peak", align: "right" },
  { name: "GB/s", align: "right" },
  { name: "of bandwidth", align: "right" },
];

const WIDTH = 100;

export function benchmarkText(result: BenchmarkResult): string {
  const { environment, rows } = result;
  const lines = [
    ...wrap(plainText(environmentText(environment)), WIDTH),
    "",
    ...columnLines(
      [
        { name: "", align: "left" },
        { name: "", align: "right" },
        { name: "", align: "left" },
      ],
      [
        ceilingCells("float32 peak", result.peak, "GFLOP/s"),
        ceilingCells("memory bandwidth", result.bandwidth, "GB/s"),
      ],
    ).slice(1),
  ];
  if (rows.length > 0) lines.push("", ...columnLines(COLUMNS, rows.map(cells)));
  const remarks = rows.filter(({ status }) => status !== "measured");
  if (remarks.length > 0) lines.push("");
  for (const { kind, shape, networks, status, says } of remarks) {
    lines.push(plainText(`${kind} ${shape} x${networks} ${MARKS[status]}: ${says}`));
  }
  const tiers = tiersText(rows);
  if (tiers.length > 0) lines.push("", ...tiers.map(plainText));
  return `${lines.join("\n")}\n`;
}

const MARKS = { measured: "", skipped: "skipped", wrong: "WRONG" } as const;

/** "SwiftShader driver 5.0.0 (software), webgpu engine in node 20.20.2; 2 x Intel Xeon, linux x64" */
export function environmentText({
  engine,
  device,
  cpu,
  platform,
}: BenchmarkResult["environment"]): string {
  const software = device?.isSoftware === true ? " (software)" : "";
  const versions = Object.entries(engine.versions).map((entry) => entry.join(" "));
  const processor = cpu === null ? "" : `${cpu.cores} x ${cpu.model}, `;
  return `${engine.adapter}${software}, ${engine.name} engine, ${versions.join(", ")}; ${processor}${platform}`;
}

function ceilingCells(name: string, ceiling: Ceiling | null, unit: string): string[] {
  if (ceiling === null) return [name, "", "not measured by this engine"];
  if (ceiling.status !== "measured") {
    return [name, MARKS[ceiling.status], plainText(ceiling.says)];
  }
  return [name, `${rateText(ceiling.perSecond / 1e9)} ${unit}`, plainText(ceiling.kernel)];
}

function cells(row: RatedRow): string[] {
  const { kind, shape, networks, batch, rates } = row;
  const operation = [kind, plainText(shape), String(networks), String(batch)];
  if (row.status !== "measured" || rates === null) return [...operation, MARKS[row.status]];
  return [
    ...operation,
    durationText(row.seconds),
    shareText((row.slowest - row.fastest) / row.seconds),
    rates.modelStepsPerSecond === null ? "" : rateText(rates.modelStepsPerSecond),
    rateText(rates.gigaflops),
    shareText(rates.shareOfPeak),
    rateText(rates.gigabytesPerSecond),
    shareText(rates.shareOfBandwidth),
  ];
}

/** How each kind of kernel was laid on the device. */
function tiersText(rows: readonly RatedRow[]): string[] {
  const kinds = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.status !== "measured") continue;
    const same = kinds.get(row.tier) ?? new Set();
    kinds.set(row.tier, same.add(row.kind));
  }
  return [...kinds].map(([tier, names]) => `${[...names].join(", ")}: ${tier}`);
}
