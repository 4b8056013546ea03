// Processes that die in the middle of a run: the host of the engine, and Chrome's GPU process, which
// takes the device with it. Linux, where /proc tells which processes a command started.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { decodeCurves } from "@convergence-lab/core";
import { beforeAll, describe, expect, test } from "vitest";
import { clab, startClab, temporaryFolder } from "./clab.ts";

const required = Boolean(process.env.CI || process.env.REQUIRE_GPU);
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const isSkipped = process.platform !== "linux" || (!required && !existsSync(SWIFTSHADER));

const spec = join(temporaryFolder(), "lost.yaml");
writeFileSync(
  spec,
  `name: lost
data:
  source:
    kind: numpy
    features: { rand: [200, 8] }
    labels: { randint: { low: 0, high: 2, size: 200 } }
  split: { testSize: 0.2 }
model: { layers: [{ units: 32, activation: relu }, { units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, epochs: 600, batchSize: 16 }
seeds: { training: 6 }
variants:
  first: {}
  second: { model: { layers: [{ units: 28, activation: relu }, { units: 1, activation: sigmoid }] } }
`,
);

const WEBGPU = ["run", spec, "--engine", "webgpu", "--runtime"];
const env = { VK_DRIVER_FILES: SWIFTSHADER, VK_ICD_FILENAMES: SWIFTSHADER };

/** Runs, and kills what `isVictim` knows by its command line: once, or whenever it is there. */
async function runAndKill(
  runtime: string,
  isVictim: (commandLine: string) => boolean,
  often: "once" | "always",
) {
  const out = temporaryFolder();
  const child = startClab([...WEBGPU, runtime, "--out", out], { env });
  let isRunning = true;
  const closed = new Promise<number | null>((done) => child.on("close", done));
  closed.then(() => {
    isRunning = false;
  });
  const stderr = text(child.stderr);
  let killed = 0;
  // The first variant is saved, the second under way.
  while (isRunning && !hasTrials(out)) await setTimeout(5);
  while (isRunning && !(often === "once" && killed > 0)) {
    for (const pid of descendants(child.pid!).filter((pid) => isVictim(commandLine(pid)))) {
      process.kill(pid, "SIGKILL");
      killed++;
    }
    await setTimeout(5);
  }
  return { code: await closed, stderr: await stderr, killed, folder: folderIn(out) };
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const parent = Number(/\) \S (\d+)/.exec(contentOf(`/proc/${name}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (of: number): number[] =>
    (children.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function commandLine(pid: number): string {
  return contentOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

/** Of a process that may be gone meanwhile: nothing. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function folderIn(out: string): string {
  return join(out, readdirSync(out)[0] ?? "");
}

function hasTrials(out: string): boolean {
  return contentOf(join(folderIn(out), "trials.jsonl")).length > 0;
}

function curvesIn(folder: string): Map<string, unknown> {
  const chunks = readdirSync(join(folder, "curves")).map((name) => join(folder, "curves", name));
  return new Map(chunks.flatMap((chunk) => [...decodeCurves(readFileSync(chunk))]));
}

const isNodeHost = (line: string) => line.includes("stdio-host");
const isBrowser = (line: string) =>
  line.includes("--remote-debugging") && !line.includes("--type=");
const isGpuProcess = (line: string) => line.includes("--type=gpu-process");

describe.skipIf(isSkipped)("a run in which", () => {
  let undisturbed: Map<string, unknown>;
  beforeAll(async () => {
    const out = temporaryFolder();
    const { code, stderr } = await clab([...WEBGPU, "node", "--out", out], { env });
    expect(code, stderr).toBe(0);
    undisturbed = curvesIn(folderIn(out));
  });

  test.each([
    ["the engine's process", "node", isNodeHost],
    ["the browser", "chrome", isBrowser],
    ["the browser's GPU process", "chrome", isGpuProcess],
  ])("%s dies once ends with the same bits", async (_, runtime, isVictim) => {
    const { code, stderr, killed, folder } = await runAndKill(runtime, isVictim, "once");
    expect(code, stderr).toBe(0);
    expect(killed).toBeGreaterThan(0);
    expect(curvesIn(folder)).toEqual(undisturbed);
  });

  test("the engine's process dies again and again exits with 4, and --resume goes on to the same bits", async () => {
    const { code, stderr, folder } = await runAndKill("node", isNodeHost, "always");
    expect(stderr).toContain("ended with SIGKILL");
    expect(stderr).toContain("use --engine cpu");
    // How many had finished by then is the machine's business.
    const saved = Number(/(\d+) of 12 networks are saved/.exec(stderr)?.[1]);
    expect(saved).toBeGreaterThan(0);
    expect(saved).toBeLessThan(12);
    expect(stderr).toContain("--resume");
    expect(code).toBe(4);
    expect(curvesIn(folder).size).toBe(saved);

    const resumed = await clab([...WEBGPU, "node", "--out", dirname(folder), "--resume"], { env });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(readdirSync(dirname(folder))).toHaveLength(1);
    expect(curvesIn(folder)).toEqual(undisturbed);
  });
});
