// A small kernel of its own for measuring a device: one bind group, buffers from binding 0 on.

import { type Gpu, gpuErrorOf } from "../device/request-device.ts";
import { GpuError } from "../errors.ts";

export interface ProbeKernel {
  /** Launches it so many times in one go; resolves when the device is done. */
  launch(workgroups: number, times: number): Promise<unknown>;
}

/** @throws GpuError GPU_PIPELINE_FAILED */
export async function probeKernel(
  gpu: Gpu,
  name: string,
  code: string,
  buffers: readonly { readonly buffer: GPUBuffer; readonly type: GPUBufferBindingType }[],
): Promise<ProbeKernel> {
  const { device, adapter } = gpu;
  const label = `bench ${name}`;
  device.pushErrorScope("validation");
  const group = device.createBindGroupLayout({
    label,
    entries: buffers.map(({ type }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const layout = device.createPipelineLayout({ label, bindGroupLayouts: [group] });
  const module = device.createShaderModule({ label, code });
  const made = device
    .createComputePipelineAsync({ label, layout, compute: { module } })
    .catch((error: Error) => error);
  const [pipeline, error] = await gpu.wait(Promise.all([made, device.popErrorScope()]));
  if (error) throw gpuErrorOf(error, adapter);
  if (pipeline instanceof Error) {
    const message = `${adapter.name} refused the kernel ${label} (${pipeline.message}).`;
    throw new GpuError("GPU_PIPELINE_FAILED", message);
  }
  const bindGroup = device.createBindGroup({
    label,
    layout: group,
    entries: buffers.map(({ buffer }, binding) => ({ binding, resource: { buffer } })),
  });
  return {
    launch(workgroups, times) {
      const encoder = device.createCommandEncoder({ label });
      const pass = encoder.beginComputePass({ label });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      for (let i = 0; i < times; i++) pass.dispatchWorkgroups(workgroups);
      pass.end();
      device.queue.submit([encoder.finish()]);
      return gpu.wait(device.queue.onSubmittedWorkDone());
    },
  };
}

/** Bytes of a buffer, from a place on. */
export async function readBytes(
  gpu: Gpu,
  buffer: GPUBuffer,
  offset: number,
  size: number,
): Promise<ArrayBuffer> {
  const { device } = gpu;
  const { MAP_READ, COPY_DST } = GPUBufferUsage;
  const staging = device.createBuffer({ label: "bench read", size, usage: MAP_READ | COPY_DST });
  const encoder = device.createCommandEncoder({ label: "bench read" });
  encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await gpu.wait(staging.mapAsync(GPUMapMode.READ));
  const content = staging.getMappedRange().slice(0);
  staging.destroy();
  return content;
}
