// Runs a shader once and reads its one buffer, for tests of WGSL functions.

/** @param content Size in bytes of the buffer at binding 0, or what it holds before. */
export async function runShader(
  gpu: GPU,
  code: string,
  content: number | Float32Array,
  workgroups: number,
): Promise<ArrayBuffer> {
  const adapter = await gpu.requestAdapter();
  const device = await adapter!.requestDevice({ label: "test" });
  const size = typeof content === "number" ? content : content.byteLength;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const buffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
  const staging = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  if (typeof content !== "number") device.queue.writeBuffer(buffer, 0, Float32Array.from(content));
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(workgroups);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const result = staging.getMappedRange().slice(0);
  device.destroy();
  return result;
}
