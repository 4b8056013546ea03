// Which engine runs in a page, and the sentence that says why.
//
//   auto     the WGSL kernels on a real GPU that passes the self-check, else cpu, because a software
//            adapter is slower than that; tfjs for layers that only it has, and on a GPU that fails the
//            self-check, if what tfjs computes there is right
//   webgpu   any adapter that passes the self-check
//   tfjs     TensorFlow.js, loaded when it is asked for
//   cpu      one worker per core, or this one where no more may be started: WebAssembly SIMD, or plain
//            TypeScript where a content policy forbids WebAssembly

import { type Engine, type Plan, SHAPE_WORDS, wordsOfPlan } from "@convergence-lab/core";
import type { EngineChoice } from "../messages.ts";
import type { CpuPool } from "./cpu-pool.ts";

/** What a page of the web platform knows of its surroundings; tests put their own in its place. */
export interface Surroundings {
  readonly isSecureContext: boolean;
  readonly gpu: GPU | undefined;
}

/** What opens an engine; tests put their own in its place. */
export interface Means {
  webgpu(surroundings: Surroundings, choice: EngineChoice): Promise<Engine>;
  tfjs(reason: string): Promise<Engine>;
  /** On the GPU, and only if what it computes there is right. */
  checkedTfjs(reason: string): Promise<Engine>;
}

const MEANS: Means = {
  webgpu: openWebGpu,
  tfjs: async (reason) => (await import("../parts/tfjs.ts")).openTfjs(reason),
  checkedTfjs: async (reason) => (await import("../parts/tfjs.ts")).openCheckedTfjs(reason),
};

/** Engines are opened once for all sessions; they hold the page's one device. */
export class Engines {
  readonly #surroundings: Surroundings;
  readonly #means: Means;
  #webgpu: Promise<Engine> | undefined;
  #tfjs: Promise<Engine> | undefined;
  #checkedTfjs: Promise<Engine> | undefined;
  #cpu: Promise<CpuPool> | undefined;

  constructor(surroundings: Surroundings = surroundingsHere(), means: Partial<Means> = {}) {
    this.#surroundings = surroundings;
    this.#means = { ...MEANS, ...means };
  }

  /** @throws what is in the way of an engine that was asked for by name */
  async open(choice: EngineChoice, plan: Plan): Promise<Engine> {
    const words = wordsOfPlan(plan);
    const shaped = words.find((word) => SHAPE_WORDS.has(word));
    if (choice === "cpu" && shaped !== undefined) {
      throw new RangeError(`The cpu engine does not have ${shaped}; set engine to auto.`);
    }
    if (choice === "tfjs") return this.#openTfjs("It was asked for.");
    if (shaped !== undefined) return this.#openTfjs(`Of the engines only tfjs has ${shaped}.`);
    if (choice === "cpu") return this.cpu(plan, "It was asked for.");
    try {
      const engine = await this.#openWebGpu(choice);
      await engine.prepare?.(plan);
      return engine;
    } catch (error) {
      if (choice === "webgpu") throw error;
      const says = sentence((error as Error).message);
      return isOfSelfCheck(error) ? this.#openAfterCheck(plan, says) : this.cpu(plan, says);
    }
  }

  /** The engine that runs anywhere. */
  async cpu(plan: Plan, reason: string): Promise<Engine> {
    this.#cpu ??= import("./cpu-pool.ts").then(({ CpuPool }) => new CpuPool());
    return (await this.#cpu).engineFor(plan, reason);
  }

  /** After a device that was lost for good: the next training that asks opens another. */
  async dropWebGpu(): Promise<void> {
    const dropped = this.#webgpu;
    this.#webgpu = undefined;
    await dropped?.then((engine) => engine.dispose()).catch(() => {});
  }

  #openWebGpu(choice: EngineChoice): Promise<Engine> {
    this.#webgpu ??= this.#means.webgpu(this.#surroundings, choice).catch((error) => {
      // What is not there may be there the next time; what computes wrong numbers goes on to.
      if (!isOfSelfCheck(error)) this.#webgpu = undefined;
      throw error;
    });
    return this.#webgpu;
  }

  #openTfjs(reason: string): Promise<Engine> {
    this.#tfjs ??= this.#means.tfjs(reason);
    return this.#tfjs;
  }

  /**
   * A driver may break the long loops of our kernels and not the short ones of tfjs, which is then held
   * to the same known answer.
   */
  async #openAfterCheck(plan: Plan, says: string): Promise<Engine> {
    this.#checkedTfjs ??= this.#means.checkedTfjs(`${says} So TensorFlow.js trains on it.`);
    try {
      return await this.#checkedTfjs;
    } catch (error) {
      const both = `${says} With TensorFlow.js: ${sentence((error as Error).message)}`;
      return this.cpu(plan, both);
    }
  }
}

async function openWebGpu(
  { isSecureContext, gpu }: Surroundings,
  choice: EngineChoice,
): Promise<Engine> {
  if (gpu === undefined) {
    throw new Error(
      isSecureContext
        ? "This browser has no WebGPU; a newer one may."
        : "This page is served over plain http, and browsers give WebGPU to secure pages only.",
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new Error(
      "The browser has no WebGPU adapter: its driver is missing or on the browser's list of unreliable ones.",
    );
  }
  const { createWebGpuEngine, reportAdapter } = await import("../parts/webgpu.ts");
  const { name, isSoftware } = reportAdapter(adapter);
  if (isSoftware && choice === "auto") {
    throw new Error(`The WebGPU adapter, ${name}, is a software one, and slower than this.`);
  }
  const reason = choice === "webgpu" ? "It was asked for." : `${name} passed the self-check.`;
  return createWebGpuEngine({ gpu, reason });
}

function isOfSelfCheck(error: unknown): boolean {
  return (error as { code?: string }).code === "GPU_SELF_CHECK_FAILED";
}

function surroundingsHere(): Surroundings {
  const { isSecureContext = false, navigator } = globalThis as Partial<typeof globalThis>;
  return { isSecureContext, gpu: navigator?.gpu };
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
