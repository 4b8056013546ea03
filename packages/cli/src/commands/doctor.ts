// clab doctor: which runtimes are here, which adapters they see, what those can do and whether
// their numbers are right; and which engine `clab run` would therefore use.

import type { EngineInfo } from "@convergence-lab/core";
import type { AdapterReport } from "@convergence-lab/engine-webgpu";
import { EXIT } from "../errors.ts";
import { DeviceHost } from "../runners/device-host.ts";
import { drivers, openEngine, RUNNERS } from "../runners/open-engine.ts";
import { type Driver, type Runner, type Runtime, runtimeHere } from "../runners/runner.ts";
import { paint, writeOut } from "../terminal.ts";

/** Those that a kernel can use; --json lists all. */
const COMPUTE_FEATURES = ["shader-f16", "subgroups", "timestamp-query"];

export interface Diagnosis {
  readonly platform: string;
  readonly runtimes: readonly RuntimeDiagnosis[];
  /** What `clab run` uses when nothing else is asked for. */
  readonly auto: EngineInfo;
}

interface RuntimeDiagnosis {
  readonly runtime: Runtime;
  /** Null when the runtime is not installed. */
  readonly program: string | null;
  readonly versions: EngineInfo["versions"];
  readonly adapters: readonly AdapterDiagnosis[];
  /** What is missing, or what failed. */
  readonly problems: readonly string[];
}

interface AdapterDiagnosis extends AdapterReport {
  readonly driver: Driver;
  readonly selfCheck: { readonly passed: boolean; readonly seconds: number; readonly says: string };
}

export async function doctor({ json }: { readonly json: boolean }): Promise<number> {
  const runtimes: RuntimeDiagnosis[] = [];
  for (const runner of Object.values(RUNNERS)) runtimes.push(await examine(runner));
  const auto = await openEngine({ engine: "auto", runtime: runtimeHere() });
  await auto.dispose();
  const platform = `${process.platform} ${process.arch}`;
  const diagnosis: Diagnosis = { platform, runtimes, auto: auto.info };
  await writeOut(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : asText(diagnosis));
  return EXIT.ran;
}

async function examine(runner: Runner): Promise<RuntimeDiagnosis> {
  const { runtime } = runner;
  const program = runner.find() ?? null;
  if (program === null) {
    return { runtime, program, versions: {}, adapters: [], problems: [runner.missing] };
  }
  const adapters: AdapterDiagnosis[] = [];
  const problems: string[] = [];
  let versions: EngineInfo["versions"] = {};
  for (const driver of drivers()) {
    try {
      const host = await DeviceHost.start(runner, program, driver);
      versions = host.versions;
      if (host.adapter && !adapters.some((adapter) => adapter.name === host.adapter?.name)) {
        adapters.push({ ...host.adapter, driver, selfCheck: await selfCheck(host) });
      }
      await host.close();
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (adapters.length === 0) problems.push(`There is no WebGPU adapter in ${runner.label}.`);
  return { runtime, program, versions, adapters, problems };
}

/** An engine opens only on an adapter that passes. */
async function selfCheck(host: DeviceHost): Promise<AdapterDiagnosis["selfCheck"]> {
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1000;
  try {
    await host.openEngine({ engine: "webgpu", reason: "" });
    return { passed: true, seconds: seconds(), says: "its numbers are right" };
  } catch (error) {
    return { passed: false, seconds: seconds(), says: (error as Error).message };
  }
}

function asText({ platform, runtimes, auto }: Diagnosis): string {
  const lines = [`Platform  ${platform}`];
  for (const { runtime, program, versions, adapters, problems } of runtimes) {
    const numbers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    const label = paint("bold", RUNNERS[runtime].label.padEnd(8), process.stdout);
    lines.push("", `${label}  ${numbers.join(", ")}${program === null ? "" : ` (${program})`}`);
    for (const adapter of adapters) lines.push(...adapterLines(adapter));
    for (const problem of problems)
      lines.push(`  ${paint("yellow", "!", process.stdout)} ${problem}`);
  }
  lines.push("", `clab run uses the ${auto.name} engine here (${auto.adapter}). ${auto.reason}`);
  return `${lines.join("\n")}\n`;
}

function adapterLines(adapter: AdapterDiagnosis): string[] {
  const { limits, features, selfCheck } = adapter;
  const origin = adapter.driver === "swiftshader" ? ", from Chromium's SwiftShader" : "";
  const [style, verdict] = selfCheck.passed
    ? (["green", "passed"] as const)
    : (["red", "failed"] as const);
  const mebibytes = (bytes: number) => `${Math.floor(bytes / 2 ** 20).toLocaleString("en")} MiB`;
  return [
    `  ${adapter.name} (${adapter.isSoftware ? "software" : "GPU"}${origin})`,
    `    self-check  ${paint(style, verdict, process.stdout)} in ${selfCheck.seconds} s: ${selfCheck.says}`,
    `    limits      ${limits.maxComputeWorkgroupStorageSize / 1024} KiB workgroup memory, ${limits.maxComputeInvocationsPerWorkgroup} invocations per workgroup,`,
    `                ${mebibytes(limits.maxStorageBufferBindingSize)} per storage binding, ${mebibytes(limits.maxBufferSize)} per buffer, ${subgroups(adapter)}`,
    `    features    ${features.filter((name) => COMPUTE_FEATURES.includes(name)).join(", ") || "none"}`,
  ];
}

function subgroups({ subgroupMinSize, subgroupMaxSize }: AdapterReport): string {
  if (subgroupMinSize === null) return "subgroups not told";
  return subgroupMinSize === subgroupMaxSize
    ? `subgroups of ${subgroupMinSize}`
    : `subgroups of ${subgroupMinSize} to ${subgroupMaxSize}`;
}
