// What an adapter is, as far as it tells: for reports, for `clab doctor`, and for the planner. A
// plain value that can be saved.

export interface AdapterReport {
  /** For people: the description, or what else there is. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
  /** Whether it runs on the CPU. */
  readonly isSoftware: boolean;
  readonly subgroupMinSize: number | null;
  readonly subgroupMaxSize: number | null;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<LimitName, number>>;
}

/** The limits that decide what the kernels can do. */
export const LIMIT_NAMES = [
  "maxBufferSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
] as const;

export type LimitName = (typeof LIMIT_NAMES)[number];

/** Software rasterizers by the names that they go by: Google's, Mesa's two, Microsoft's two. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/** Whether an adapter that goes by this name runs on the CPU. */
export function isSoftwareAdapter(name: string): boolean {
  return SOFTWARE.test(name);
}

/** "NVIDIA: 580.159.04 580.159.4.0", as Dawn describes an H100: the same for all GPUs of a driver. */
const DRIVER_ONLY = /^\w+: [\d. ]+$/;

export function reportAdapter(adapter: GPUAdapter): AdapterReport {
  const { info } = adapter;
  const { vendor, architecture, device, description } = info;
  // Until 2025 the flag stood on the adapter itself, where Deno may still have it.
  const onAdapter = (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  const isFallbackAdapter = info.isFallbackAdapter ?? onAdapter ?? false;
  const words = [vendor, architecture, device, description].filter((word) => word !== "");
  const isDriverOnly = device !== "" && DRIVER_ONLY.test(description);
  return {
    name: isDriverOnly
      ? `${device} (${description})`
      : description || words.join(" ") || "an adapter without a name",
    vendor,
    architecture,
    device,
    description,
    isFallbackAdapter,
    isSoftware: isFallbackAdapter || SOFTWARE.test(words.join(" ")),
    subgroupMinSize: info.subgroupMinSize ?? null,
    subgroupMaxSize: info.subgroupMaxSize ?? null,
    features: [...adapter.features].sort(),
    limits: Object.fromEntries(
      LIMIT_NAMES.map((name) => [name, adapter.limits[name]]),
    ) as AdapterReport["limits"],
  };
}
