// clab bench: measures the kernels on this machine's adapter, after comparing their numbers with the
// reference. What is measured is the engine's business; this writes it down.

import { availableParallelism, cpus } from "node:os";
import {
  benchmarkResult,
  benchmarkText,
  type Engine,
  isAllRight,
  type Measurement,
  measureSteps,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { openEngine } from "../runners/open-engine.ts";
import type { Runtime } from "../runners/runner.ts";
import { canRedraw, note, redraw, writeOut } from "../terminal.ts";

export interface BenchOptions {
  readonly engine: "webgpu" | "cpu";
  readonly runtime: Runtime;
  readonly quick: boolean;
  readonly only?: string | undefined;
  readonly json?: string | undefined;
}

export async function bench(options: BenchOptions): Promise<number> {
  const { quick, only = null } = options;
  const engine = await openEngine(options);
  let measurement: Measurement;
  try {
    measurement = await measured(engine, { quick, only });
  } finally {
    redraw("");
    await engine.dispose();
  }
  if (measurement.rows.length === 0) {
    const hint = "clab bench --quick shows what there is, such as gemm-dx 64-64 x1";
    throw new CliError("CLI_USAGE", `nothing that is measured has "${only}" in its name; ${hint}.`);
  }
  const result = benchmarkResult(measurement, { quick, only }, machine());
  if (options.json !== undefined) writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
  await writeOut(benchmarkText(result));
  return isAllRight(result) ? EXIT.ran : EXIT.outOfTolerance;
}

async function measured(
  engine: Engine,
  settings: { quick: boolean; only: string | null },
): Promise<Measurement> {
  const events = engine.benchmark
    ? engine.benchmark(settings)
    : measureSteps(engine, settings, () => performance.now());
  for await (const event of events) {
    if (event.kind === "measurement") return event.measurement;
    const line = `${event.done + 1}/${event.of}  ${event.what}`;
    if (canRedraw(process.stderr)) redraw(line);
    else note(line);
  }
  throw new Error(`the ${engine.info.name} engine ended its benchmark without a result.`);
}

function machine() {
  const [first] = cpus();
  return {
    platform: `${process.platform} ${process.arch}`,
    cpu: first ? { model: first.model.trim(), cores: availableParallelism() } : null,
  };
}
