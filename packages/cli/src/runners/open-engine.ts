// Which engine runs, and the sentences that say why.
//
//   auto     a real GPU that passes the self-check and takes the kernels, else cpu, because a
//            software adapter is slower than the cpu engine; tfjs for layers that only it has, and on
//            a real GPU that fails the self-check, if what tfjs computes there is right
//   webgpu   any adapter that passes the self-check, Chromium's SwiftShader if there is no other
//   tfjs     TensorFlow.js on a real GPU, else on WebAssembly in this process
//   cpu      one worker per core

import { type Engine, type Plan, SHAPE_WORDS } from "@convergence-lab/core";
import type { AdapterReport } from "@convergence-lab/engine-webgpu";
import { CliError, EXIT, expectedExit } from "../errors.ts";
import type { HostedEngineOptions } from "../hosts/engine-host.ts";
import { sentence } from "../terminal.ts";
import { createCpuPool } from "./cpu-pool.ts";
import { denoRunner } from "./deno.ts";
import { DeviceHost } from "./device-host.ts";
import { fallbackEngine } from "./fallback-engine.ts";
import { chromeRunner } from "./headless-chrome.ts";
import { nodeRunner } from "./node.ts";
import { remoteChrome } from "./remote-chrome.ts";
import { revivingEngine } from "./reviving-engine.ts";
import { type Driver, type Runner, type Runtime, runtimeHere, versionHere } from "./runner.ts";
import { swiftShaderManifest } from "./vulkan-driver.ts";

export interface EngineRequest {
  readonly engine: "auto" | "webgpu" | "tfjs" | "cpu";
  readonly runtime: Runtime;
  /** Of the Chrome that `runtime` means; absent: one that is started for the purpose. */
  readonly browserUrl?: string | undefined;
  /** What the networks need of an engine: core's `wordsOf`. Absent: nothing unusual. */
  readonly words?: readonly string[];
  /** Whether a WebGPU engine tells what it launches. */
  readonly tracesDispatches?: boolean;
  /** What will be trained first, so that it can be made ready while the engine opens. */
  readonly prepares?: Plan;
}

export const RUNNERS: Readonly<Record<Runtime, Runner>> = {
  node: nodeRunner,
  deno: denoRunner,
  chrome: chromeRunner,
};

const INSTALL: Partial<Record<NodeJS.Platform, string>> = {
  linux:
    "Install the Vulkan driver of your GPU; or, for a software adapter on Debian and Ubuntu: apt-get install chromium libvulkan1.",
  darwin: "Every Mac with Metal has one; a remote session or a virtual machine may not see it.",
  win32: "Update the graphics driver; WebGPU needs Direct3D 12.",
};

/** What an engine is opened with; tests put their own in its place. */
interface Means {
  readonly runner: Runner;
  readonly openCpu: (reason: string) => Promise<Engine>;
}

/**
 * @throws CliError CLI_NO_ADAPTER when WebGPU was asked for and cannot be had, CLI_UNSUPPORTED when
 *   the engine that was asked for lacks a word.
 */
export async function openEngine(
  request: EngineRequest,
  { runner, openCpu }: Means = { runner: runnerOf(request), openCpu: openCpuPool },
): Promise<Engine> {
  const { engine, runtime, words = [], tracesDispatches = false, prepares } = request;
  const shaped = words.find((word) => SHAPE_WORDS.has(word));
  if (engine === "cpu") {
    if (shaped !== undefined) throw lacks("The cpu engine does", shaped, engine);
    const here = runtimeHere();
    const where =
      runtime === here ? "" : ` It runs in ${RUNNERS[here].label}, whatever --runtime says.`;
    return openCpu(`It was asked for with --engine cpu.${where}`);
  }
  const { createTfjsEngine, unsupportedWord } = await import("@convergence-lab/engine-webgpu");
  const tfjsOnGpu = (why: string) =>
    tryDriver(runner, "system", { engine: "tfjs", software: false, why: [why] });
  const openTfjs = async (why: string) => {
    const device = await tfjsOnGpu(why);
    if (isEngine(device)) return device;
    return createTfjsEngine({ reason: `${why} ${device.says}`, versions: versionHere() });
  };
  if (engine === "tfjs") return openTfjs("It was asked for with --engine tfjs.");
  const lacking = unsupportedWord(words);
  if (lacking !== undefined && engine === "webgpu") {
    throw lacks("The WebGPU kernels do", lacking, engine);
  }
  if (shaped !== undefined) return openTfjs(`Of the engines only tfjs has ${shaped}.`);
  if (lacking !== undefined) return openCpu(`The WebGPU kernels do not have ${lacking} yet.`);
  const ofKernels = { engine: "webgpu", tracesDispatches, prepares } as const;
  if (engine === "webgpu") return openDevice(runner, ofKernels);
  const wanted = { ...ofKernels, software: false, why: [] };
  const device = await tryDriver(runner, "system", wanted);
  if (isEngine(device)) return fallbackEngine(device, openCpu);
  if (!device.isOfSelfCheck) return openCpu(device.says);
  // A driver may break the long loops of our kernels and not the short ones of tfjs, which is then
  // held to the same known answer.
  const tfjs = await tfjsOnGpu(`${device.says} So TensorFlow.js trains on it.`);
  return isEngine(tfjs) ? tfjs : openCpu(`${device.says} With TensorFlow.js: ${tfjs.says}`);
}

function runnerOf({ runtime, browserUrl }: EngineRequest): Runner {
  return browserUrl === undefined ? RUNNERS[runtime] : remoteChrome(browserUrl);
}

function lacks(who: string, word: string, engine: string): CliError {
  return new CliError("CLI_UNSUPPORTED", `${who} not have ${word}. Leave out --engine ${engine}.`);
}

function openCpuPool(reason: string): Promise<Engine> {
  return createCpuPool({ precision: "float32", reason });
}

/** An engine on whatever adapter there is, as long as its numbers are right. */
async function openDevice(
  runner: Runner,
  ofKernels: Omit<WantedDevice, "software" | "why">,
): Promise<Engine> {
  const obstacles: string[] = [];
  for (const driver of runner.hasOwnDriver ? (["system"] as const) : drivers()) {
    const why = ["It was asked for with --engine webgpu.", ...obstacles];
    if (driver === "swiftshader") why.push("So Chromium's SwiftShader carries it.");
    const device = await tryDriver(runner, driver, { ...ofKernels, software: true, why });
    if (isEngine(device)) return device;
    obstacles.push(device.says);
  }
  const install = runner.find() === undefined ? undefined : INSTALL[process.platform];
  const says = install === undefined ? obstacles : [...obstacles, install];
  throw new CliError("CLI_NO_ADAPTER", [...new Set(says)].join(" "));
}

/** What to try in turn: the system's drivers, then the software driver that Chromium brings. */
export function drivers(): Driver[] {
  return swiftShaderManifest() === undefined ? ["system"] : ["system", "swiftshader"];
}

interface WantedDevice extends Omit<HostedEngineOptions, "reason"> {
  /** Whether a software adapter will do. */
  readonly software: boolean;
  readonly why: readonly string[];
}

/** Why there is no engine on an adapter. */
interface Obstacle {
  /** A sentence. */
  readonly says: string;
  /** Whether there is an adapter, and its numbers are wrong. */
  readonly isOfSelfCheck: boolean;
}

function isEngine(device: Engine | Obstacle): device is Engine {
  return "train" in device;
}

/** An engine on the adapter that a driver gives, or what is in the way. */
async function tryDriver(
  runner: Runner,
  driver: Driver,
  { software, why, ...wanted }: WantedDevice,
): Promise<Engine | Obstacle> {
  const program = runner.find();
  if (program === undefined) return { says: runner.missing, isOfSelfCheck: false };
  let host: DeviceHost | undefined;
  try {
    host = await DeviceHost.start(runner, program, driver);
    const obstacle = obstacleOf(host.adapter, runner, software);
    if (obstacle === undefined) {
      const reason = why.join(" ") || `${host.adapter?.name} passed the self-check.`;
      const options = { ...wanted, reason };
      const engine = await host.openEngine(options);
      const reopen = async () => {
        const fresh = await DeviceHost.start(runner, program, driver);
        return fresh.openEngine(options).catch(async (error) => {
          await fresh.close();
          throw error;
        });
      };
      return revivingEngine(engine, reopen);
    }
    await host.close();
    return { says: obstacle, isOfSelfCheck: false };
  } catch (error) {
    await host?.close();
    // A driver, browser or check that fails leaves the next choice; a defect of ours does not.
    if (expectedExit(error) !== EXIT.adapter) throw error;
    const { message, code } = error as Error & { code: string };
    return { says: sentence(message), isOfSelfCheck: code === "GPU_SELF_CHECK_FAILED" };
  }
}

function obstacleOf(
  adapter: AdapterReport | null,
  { label }: Runner,
  software: boolean,
): string | undefined {
  if (adapter === null) return `There is no WebGPU adapter in ${label}.`;
  if (software || !adapter.isSoftware) return undefined;
  return `The WebGPU adapter in ${label}, ${adapter.name}, is a software one, and slower than this.`;
}
