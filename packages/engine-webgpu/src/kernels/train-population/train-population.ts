// The population kernel as a pipeline: what it binds, how it is made. Its text is in
// train-population.wgsl.ts.

import type { Gpu } from "../../device/request-device.ts";
import { GpuError } from "../../errors.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { type MemoryLayout, memoryLayout } from "./memory-layout.ts";
import { trainPopulationWgsl } from "./train-population.wgsl.ts";

export interface TrainPopulationKernel {
  readonly shape: KernelShape;
  readonly layout: MemoryLayout;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroupLayout: GPUBindGroupLayout;
  /** Why this is not the version that the planner wanted. */
  readonly refused?: string;
}

/** What a kernel binds. `values` and `captures` are there when its shape asks for them. */
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
}

/** Words of one entry of `progress`; the kernel's `Progress`. */
export const PROGRESS_WORDS = 8;

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
];

/** @throws GpuError GPU_PIPELINE_FAILED */
export async function createTrainPopulation(
  gpu: Gpu,
  shape: KernelShape,
): Promise<TrainPopulationKernel> {
  const { device, adapter } = gpu;
  const label = `train-population ${describe(shape)}`;
  device.pushErrorScope("validation");
  const bindGroupLayout = device.createBindGroupLayout({
    label,
    entries: BINDINGS.flatMap(([name, type], binding) =>
      isBound(shape, name)
        ? [{ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }]
        : [],
    ),
  });
  const module = device.createShaderModule({ label, code: trainPopulationWgsl(shape) });
  const layout = device.createPipelineLayout({ label, bindGroupLayouts: [bindGroupLayout] });
  const made = device
    .createComputePipelineAsync({
      label,
      layout,
      compute: { module, entryPoint: "trainPopulation" },
    })
    .catch((error: Error) => error);
  const [pipeline, error] = await gpu.wait(Promise.all([made, device.popErrorScope()]));
  if (error || pipeline instanceof Error) {
    const { messages } = await module.getCompilationInfo();
    const first = messages.find(({ type }) => type === "error");
    const what = first
      ? `line ${first.lineNum}: ${first.message}`
      : (error ?? (pipeline as Error)).message;
    throw new GpuError(
      "GPU_PIPELINE_FAILED",
      `${adapter.name} refused the kernel ${label} (${what}); please report this.`,
    );
  }
  return { shape, layout: memoryLayout(shape.network, shape.batchSize), pipeline, bindGroupLayout };
}

/**
 * Adds to `encoder` what lets the first `networks` of the alive list go on by the batches that the
 * dispatch buffer names. What a tier gives: nothing else of a population knows how it is computed.
 */
export type EncodeAdvance = (encoder: GPUCommandEncoder, networks: number) => void;

/** The kernel on a population's buffers: one dispatch, a workgroup for each network. */
export function bindTrainPopulation(
  device: GPUDevice,
  { shape, pipeline, bindGroupLayout }: TrainPopulationKernel,
  buffers: TrainPopulationBuffers,
): EncodeAdvance {
  const label = `train-population ${describe(shape)}`;
  const bindGroup = device.createBindGroup({
    label,
    layout: bindGroupLayout,
    entries: BINDINGS.flatMap(([name], binding) => {
      const buffer = isBound(shape, name) ? buffers[name] : undefined;
      return buffer ? [{ binding, resource: { buffer } }] : [];
    }),
  });
  return (encoder, networks) => {
    const pass = encoder.beginComputePass({ label });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(networks);
    pass.end();
  };
}

function isBound({ plan, isCaptured }: KernelShape, name: keyof TrainPopulationBuffers): boolean {
  if (name === "values") return plan.values === "storage";
  if (name === "captures") return isCaptured;
  return true;
}

/** For instance "20-64-32-1 adam batch 32". */
function describe({ network, batchSize }: KernelShape): string {
  const widths = [network.inputs, ...network.layers.map(({ units }) => units)].join("-");
  return `${widths} ${network.optimizer.name} batch ${batchSize}`;
}
