// The memory bandwidth of a device: one large buffer copied into another by a kernel. Bytes read and
// bytes written both count, as in STREAM's copy.

import type { Ceiling } from "@convergence-lab/core";
import { withinMemory } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import { probeKernel, readBytes } from "./probe-kernel.ts";
import { obstacleOf, takeTurns } from "./take-turns.ts";

/**
 * Bytes of each buffer: several times the largest cache (50 MiB on an H100, 96 MiB on a desktop GPU
 * with stacked cache); a software adapter has the CPU's.
 */
const SIZE = { gpu: 2 ** 28, software: 2 ** 26 };
const WORKGROUP_SIZE = 256;
/** Blocks of 16 bytes that an invocation copies: few, and more, whichever the device likes. */
const BLOCKS_PER_INVOCATION = [2, 16];
/** 4 KiB at the start, in the middle and at the end are compared. */
const COMPARED_WORDS = 1024;

export async function measureBandwidth(gpu: Gpu, rounds: number): Promise<Ceiling> {
  const { limits, isSoftware } = gpu.adapter;
  const size = Math.min(
    isSoftware ? SIZE.software : SIZE.gpu,
    2 ** Math.floor(Math.log2(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize))),
  );
  const blocks = size / 16;
  const { STORAGE, COPY_SRC } = GPUBufferUsage;
  let made: { source: GPUBuffer; target: GPUBuffer };
  try {
    made = await withinMemory(gpu, (buffers) => ({
      source: buffers.create("bandwidth source", size, STORAGE),
      target: buffers.create("bandwidth target", size, STORAGE | COPY_SRC),
    }));
  } catch (error) {
    return { status: "skipped", says: obstacleOf(error) };
  }
  const { source, target } = made;
  try {
    const workgroupsFor = (each: number) => Math.ceil(blocks / WORKGROUP_SIZE / each);
    const written = [{ buffer: source, type: "storage" as const }];
    const fill = await probeKernel(gpu, "bandwidth fill", FILL, written);
    await fill.launch(workgroupsFor(BLOCKS_PER_INVOCATION[0]), 1);
    const copy = await probeKernel(gpu, "bandwidth copy", COPY, [
      { buffer: source, type: "read-only-storage" },
      { buffer: target, type: "storage" },
    ]);
    const contenders = BLOCKS_PER_INVOCATION.map((each) => ({
      each,
      run: (times: number) => copy.launch(workgroupsFor(each), times),
    }));
    await contenders[0].run(1);
    for (const first of [0, size / 8 - COMPARED_WORDS / 2, size / 4 - COMPARED_WORDS]) {
      const words = new Uint32Array(await readBytes(gpu, target, 4 * first, 4 * COMPARED_WORDS));
      const wrong = words.findIndex((word, i) => word !== wordAt(first + i));
      if (wrong >= 0) return { status: "wrong", says: `word ${first + wrong} was not copied.` };
    }
    const timings = await takeTurns(contenders, rounds);
    return contenders
      .map(({ each }, i) => ({
        status: "measured" as const,
        perSecond: (2 * size) / timings[i].median,
        kernel: `copy of ${size / 2 ** 20} MiB, ${16 * each} bytes per invocation`,
      }))
      .reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  } catch (error) {
    return { status: "skipped", says: obstacleOf(error) };
  } finally {
    source.destroy();
    target.destroy();
  }
}

/** What a word of the source is: no two neighbours alike. The kernel `FILL` says the same. */
function wordAt(i: number): number {
  return Math.imul(i, 0x9e3779b1) >>> 0;
}

const overBlocks = (body: string) => /* wgsl */ `
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let stride = groups.x * ${WORKGROUP_SIZE}u;
  for (var i = id.x; i < arrayLength(&target_); i += stride) { ${body} }
}
`;

const FILL = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> target_: array<vec4u>;
${overBlocks("target_[i] = (4u * i + vec4u(0u, 1u, 2u, 3u)) * 0x9e3779b1u;")}`;

const COPY = /* wgsl */ `
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4u>;
${overBlocks("target_[i] = source[i];")}`;
