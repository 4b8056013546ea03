// Starting a tfjs backend. Each lives in a package of its own and is imported when it is tried, so
// that a page on the webgpu backend never loads the WebAssembly one.

import {
  enableProdMode,
  env,
  getBackend,
  ready,
  setBackend,
  version_core,
} from "@tensorflow/tfjs-core";
import { TfjsError } from "./errors.ts";

export type TfjsBackend = "webgpu" | "wasm" | "cpu";

/** The fastest first. */
const BACKENDS: readonly TfjsBackend[] = ["webgpu", "wasm", "cpu"];

export interface BackendOptions {
  /** Absent: the first of webgpu, wasm and cpu that starts. */
  readonly backend?: TfjsBackend | undefined;
  /** Where the .wasm files of tfjs-backend-wasm are served; absent: beside its module. */
  readonly wasmPath?: string | undefined;
}

export interface StartedBackend {
  readonly name: TfjsBackend;
  /** For instance "tfjs wasm, SIMD". */
  readonly adapter: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Makes it the backend of the operations that follow, up to the next await. */
  use(): void;
}

/** @throws TfjsError when no backend starts; the message holds the reason of each. */
export async function startBackend(options: BackendOptions): Promise<StartedBackend> {
  // Else tfjs-cpu prints an advertisement for tfjs-node.
  enableProdMode();
  const names = options.backend === undefined ? BACKENDS : [options.backend];
  const reasons: string[] = [];
  for (const name of names) {
    try {
      const detail = await START[name](options);
      return {
        name,
        adapter: `tfjs ${name}, ${detail}`,
        versions: { "@tensorflow/tfjs-core": version_core },
        use() {
          // Asynchronous only for a backend that has yet to be initialized.
          if (getBackend() !== name) void setBackend(name);
        },
      };
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new TfjsError(
    "TFJS_BACKEND_UNAVAILABLE",
    `no tfjs backend starts here (${reasons.join("; ")}); use the engine "cpu".`,
  );
}

/** Each gives the second half of the adapter's text. */
const START: Record<TfjsBackend, (options: BackendOptions) => Promise<string>> = {
  async webgpu() {
    // Without navigator.gpu the package registers nothing; without an adapter its start throws
    // where nobody can catch it.
    const { gpu } = (globalThis as { navigator?: { gpu?: GPU } }).navigator ?? {};
    if (gpu === undefined) throw new Error("this platform has no navigator.gpu");
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) throw new Error("no adapter was given");
    await import("@tensorflow/tfjs-backend-webgpu");
    await select("webgpu");
    const { vendor, architecture, description } = adapter.info;
    return description || `${vendor} ${architecture}`.trim() || "unnamed adapter";
  },
  async wasm({ wasmPath }) {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    if (wasmPath !== undefined) setWasmPaths(wasmPath);
    await select("wasm");
    const simd = await env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return simd ? "SIMD" : "no SIMD";
  },
  async cpu() {
    await import("@tensorflow/tfjs-backend-cpu");
    await select("cpu");
    return "plain JavaScript";
  },
};

async function select(name: TfjsBackend): Promise<void> {
  if (!(await setBackend(name))) throw new Error("its initialization failed");
  await ready();
}
