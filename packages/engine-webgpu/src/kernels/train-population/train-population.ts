// The population kernel as pipelines: what it binds, how it is made and launched. Its text comes from
// one of the two frames (frame.ts).

import type { Gpu } from "../../device/request-device.ts";
import { GpuError } from "../../errors.ts";
import type { Frame, Launch } from "./frame.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { LAUNCH_GROUP, launchedPhases } from "./launched-phases.wgsl.ts";
import { type MemoryLayout, memoryLayout } from "./memory-layout.ts";
import { persistentFrame } from "./train-population.wgsl.ts";

export interface TrainPopulationKernel {
  readonly shape: KernelShape;
  readonly layout: MemoryLayout;
  /** Why this is not the version that the planner wanted. */
  readonly refused?: string;
  readonly launches: readonly Launch[];
  /** Whether the launches are those of one batch. */
  readonly isPerBatch: boolean;
  /** The network, and how it is laid on the adapter. */
  readonly label: string;
  /**
   * The kernel on a population's buffers.
   *
   * @param only One entry point, which is then all that is launched, once per batch: to time it.
   */
  bind(buffers: TrainPopulationBuffers, only?: string): EncodeAdvance;
}

/**
 * Adds to `encoder` what lets the first `networks` of the alive list go on by `batches`, the number
 * that stands in the dispatch buffer too. What a tier gives: nothing else of a population knows how
 * it is computed.
 *
 * `isProbed` says whether the step of any network is measured in a batch of the dispatch; absent: it
 * may be in each.
 */
export type EncodeAdvance = (
  encoder: GPUCommandEncoder,
  networks: number,
  batches: number,
  isProbed?: (batch: number) => boolean,
) => void;

/** What a kernel binds. `values` and what follows are there when its shape asks for them. */
export interface TrainPopulationBuffers {
  readonly dispatch: GPUBuffer;
  readonly networks: GPUBuffer;
  readonly data: GPUBuffer;
  readonly rates: GPUBuffer;
  readonly parameters: GPUBuffer;
  readonly progress: GPUBuffer;
  readonly curves: GPUBuffer;
  readonly values?: GPUBuffer | undefined;
  readonly captures?: GPUBuffer | undefined;
  readonly probes?: GPUBuffer | undefined;
}

/** Words of one entry of `progress`; the kernel's `Progress`. */
export const PROGRESS_WORDS = 16;

/** In the order of their numbers in the kernel. */
const BINDINGS: readonly [keyof TrainPopulationBuffers, GPUBufferBindingType][] = [
  ["dispatch", "uniform"],
  ["networks", "read-only-storage"],
  ["data", "read-only-storage"],
  ["rates", "read-only-storage"],
  ["parameters", "storage"],
  ["progress", "storage"],
  ["curves", "storage"],
  ["values", "storage"],
  ["captures", "storage"],
  ["probes", "storage"],
];

/** @throws GpuError GPU_PIPELINE_FAILED */
export async function createTrainPopulation(
  gpu: Gpu,
  shape: KernelShape,
): Promise<TrainPopulationKernel> {
  const { device, adapter } = gpu;
  const frame = shape.plan.tier === "L" ? launchedPhases(shape) : persistentFrame(shape);
  const label = `train-population ${describe(shape)}`;
  device.pushErrorScope("validation");
  const tables = device.createBindGroupLayout({
    label,
    entries: BINDINGS.flatMap(([name, type], binding) =>
      isBound(shape, name)
        ? [{ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }]
        : [],
    ),
  });
  const places = frame.isPerBatch ? createLaunchPlaces(device, label, frame.launches) : null;
  const module = device.createShaderModule({ label, code: frame.code });
  const bindGroupLayouts = places ? [tables, places.layout] : [tables];
  const layout = device.createPipelineLayout({ label, bindGroupLayouts });
  const entryPoints = [...new Set(frame.launches.map(({ entryPoint }) => entryPoint))];
  const made = Promise.all(
    entryPoints.map(async (entryPoint): Promise<[string, GPUComputePipeline]> => {
      const compute = { module, entryPoint };
      const pipeline = device.createComputePipelineAsync({
        label: `${label} ${entryPoint}`,
        layout,
        compute,
      });
      return [entryPoint, await pipeline];
    }),
  ).catch((error: Error) => error);
  const [pipelines, error] = await gpu.wait(Promise.all([made, device.popErrorScope()]));
  if (error || pipelines instanceof Error) {
    const { messages } = await gpu.wait(module.getCompilationInfo());
    const first = messages.find(({ type }) => type === "error");
    const what = first
      ? `line ${first.lineNum}: ${first.message}`
      : (error ?? (pipelines as Error)).message;
    const refusal = new GpuError(
      "GPU_PIPELINE_FAILED",
      `${adapter.name} refused the kernel ${label} (${what}); please report this.`,
    );
    if (first || error) throw refusal;
    // Nobody finds anything wrong with it: the device may be gone, which is told later.
    return gpu.wait(Promise.reject(refusal));
  }
  return {
    shape,
    layout: memoryLayout(shape),
    launches: frame.launches,
    isPerBatch: frame.isPerBatch,
    label: `${describe(shape)}, ${describePlan(shape.plan)}`,
    bind: (buffers, only) => {
      const bindGroup = device.createBindGroup({
        label,
        layout: tables,
        entries: BINDINGS.flatMap(([name], binding) => {
          const buffer = isBound(shape, name) ? buffers[name] : undefined;
          return buffer ? [{ binding, resource: { buffer } }] : [];
        }),
      });
      return encodeLaunches(label, shape.plan, frame, new Map(pipelines), bindGroup, places, only);
    },
  };
}

function encodeLaunches(
  label: string,
  plan: KernelShape["plan"],
  { launches, isPerBatch }: Frame,
  pipelines: ReadonlyMap<string, GPUComputePipeline>,
  bindGroup: GPUBindGroup,
  places: LaunchPlaces | null,
  only?: string,
): EncodeAdvance {
  const { networksPerWorkgroup = 1 } = plan;
  return (encoder, networks, batches, isProbed = () => true) => {
    const pass = encoder.beginComputePass({ label });
    pass.setBindGroup(0, bindGroup);
    for (let batch = 0; batch < (isPerBatch ? batches : 1); batch++) {
      const measures = isProbed(batch);
      launches.forEach(({ entryPoint, workgroups, isOfProbes }, i) => {
        if (only !== undefined && entryPoint !== only) return;
        if (isOfProbes && !measures) return;
        pass.setPipeline(pipelines.get(entryPoint)!);
        if (places) pass.setBindGroup(LAUNCH_GROUP, places.bindGroup, [places.offset(i, batch)]);
        pass.dispatchWorkgroups(workgroups, Math.ceil(networks / networksPerWorkgroup));
      });
    }
    pass.end();
  };
}

/** What a launch is told of itself: the kernel's `Launch`. */
interface LaunchPlaces {
  readonly layout: GPUBindGroupLayout;
  readonly bindGroup: GPUBindGroup;
  /** Of a launch's entry, in bytes. */
  offset(launch: number, batch: number): number;
}

/** Any adapter takes dynamic offsets that are multiples of this. */
const LAUNCH_STRIDE = 256;

/** Two entries for each launch: that of the first batch of a dispatch, and that of all others. */
function createLaunchPlaces(
  device: GPUDevice,
  label: string,
  launches: readonly Launch[],
): LaunchPlaces {
  const buffer = device.createBuffer({
    label: `${label} launches`,
    size: 2 * launches.length * LAUNCH_STRIDE,
    usage: GPUBufferUsage.UNIFORM,
    mappedAtCreation: true,
  });
  const offset = (launch: number, batch: number) =>
    LAUNCH_STRIDE * (2 * launch + (batch === 0 ? 0 : 1));
  const words = new Uint32Array(buffer.getMappedRange());
  launches.forEach(({ moved: { repeated, parameterOffset, valueOffset } }, i) => {
    words.set([repeated, parameterOffset, valueOffset, 1], offset(i, 0) / 4);
    words.set([repeated, parameterOffset, valueOffset, 0], offset(i, 1) / 4);
  });
  buffer.unmap();
  const layout = device.createBindGroupLayout({
    label: `${label} launches`,
    entries: [
      {
        binding: 0,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: "uniform", hasDynamicOffset: true },
      },
    ],
  });
  const bindGroup = device.createBindGroup({
    label: `${label} launches`,
    layout,
    entries: [{ binding: 0, resource: { buffer, size: 16 } }],
  });
  return { layout, bindGroup, offset };
}

function isBound(
  { plan, isCaptured, probes }: KernelShape,
  name: keyof TrainPopulationBuffers,
): boolean {
  if (name === "values") return plan.values === "storage";
  if (name === "captures") return isCaptured;
  if (name === "probes") return probes !== undefined;
  return true;
}

/** For instance "20-64-32-1 adam batch 32". */
function describe({ network, batchSize }: KernelShape): string {
  const widths = [network.inputs, ...network.layers.map(({ units }) => units)].join("-");
  return `${widths} ${network.optimizer.name} batch ${batchSize}`;
}

/** For instance "tier L, workgroups of 64, values in storage, tiles of 8 x 8". */
function describePlan(plan: KernelShape["plan"]): string {
  const { tier, workgroupSize, networksPerWorkgroup = 1, values, dense } = plan;
  const frame = tier === "L" ? "tier L" : "persistent";
  const size = networksPerWorkgroup * workgroupSize;
  const shared = networksPerWorkgroup > 1 ? ` for ${networksPerWorkgroup} networks` : "";
  return `${frame}, workgroups of ${size}${shared}, values in ${values}, ${describeDense(dense)}`;
}

function describeDense(dense: KernelShape["plan"]["dense"]): string {
  if (typeof dense === "string") return dense;
  if ("tile" in dense) return `staged tiles of ${dense.tile}`;
  return `tiles of ${4 * dense.edge} x ${4 * dense.edge}`;
}
