// Which engine made a trace, on what, and why that one.

/** log: none of ours; the curves are what another program printed. */
export type EngineName = "webgpu" | "tfjs" | "cpu" | "log";

export interface EngineInfo {
  readonly name: EngineName;
  /** The adapter as its driver names it, or "plain TypeScript, float32". */
  readonly adapter: string;
  /** What the numbers depend on, where the adapter's text says more. Absent: the adapter. */
  readonly arithmetic?: string;
  /** Why this engine runs and not another, one sentence. */
  readonly reason: string;
  /** Node, Deno or browser with version, and the versions of what carries the device. */
  readonly versions: Readonly<Record<string, string>>;
}
