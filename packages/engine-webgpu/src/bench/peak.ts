// The float32 peak of a device: multiplications and additions in chains that do not wait for each
// other and touch no memory. The best of a few kernels, because drivers differ in which they like.

import type { Ceiling } from "@convergence-lab/core";
import { withinMemory } from "../device/buffers.ts";
import type { Gpu } from "../device/request-device.ts";
import { type ProbeKernel, probeKernel, readBytes } from "./probe-kernel.ts";
import { obstacleOf, takeTurns } from "./take-turns.ts";

/** "fma" is one instruction where the device has it; some software adapters emulate it. */
interface PeakKernel {
  readonly how: "fma" | "multiply, add";
  /** Of vec4f, which hide the latency of an instruction: 4 to 6 cycles on common GPUs. */
  readonly chains: number;
  readonly workgroupSize: number;
}

const KERNELS: readonly PeakKernel[] = [
  { how: "fma", chains: 8, workgroupSize: 256 },
  { how: "fma", chains: 4, workgroupSize: 64 },
  { how: "multiply, add", chains: 8, workgroupSize: 256 },
  { how: "multiply, add", chains: 4, workgroupSize: 64 },
];

/** Links of each chain in one turn of the loop, so that the loop itself does not count. */
const LINKS = 4;
/**
 * Turns of one launch. With factor and summand 1 a chain counts its links, exactly in float32 below
 * 2^24; a launch is 34 GFLOP on a GPU, which a slow one does in less than a second.
 */
const TURNS = 512;
const INVOCATIONS = { gpu: 2 ** 20, software: 2 ** 11 };

export async function measurePeak(gpu: Gpu, rounds: number): Promise<Ceiling> {
  const invocations = gpu.adapter.isSoftware ? INVOCATIONS.software : INVOCATIONS.gpu;
  const { STORAGE, COPY_SRC } = GPUBufferUsage;
  const results = await withinMemory(gpu, (buffers) =>
    buffers.create("peak results", 4 * invocations, STORAGE | COPY_SRC),
  );
  const numbers = await withinMemory(gpu, (buffers) =>
    buffers.filled("peak numbers", 8, (content) => new Float32Array(content).fill(1)),
  );
  try {
    const contenders = [];
    const obstacles: string[] = [];
    for (const kernel of KERNELS) {
      if (kernel.workgroupSize > gpu.adapter.limits.maxComputeInvocationsPerWorkgroup) continue;
      const name = `${kernel.chains} chains of vec4f (${kernel.how}), ${invocations / kernel.workgroupSize} workgroups of ${kernel.workgroupSize}`;
      try {
        const probe: ProbeKernel = await probeKernel(gpu, `peak ${name}`, peakWgsl(kernel), [
          { buffer: numbers, type: "read-only-storage" },
          { buffer: results, type: "storage" },
        ]);
        const workgroups = invocations / kernel.workgroupSize;
        const run = (times: number) => probe.launch(workgroups, times);
        await run(1);
        const wrong = await firstWrong(gpu, results, invocations, kernel);
        if (wrong !== null) return { status: "wrong", says: `${name}: ${wrong}` };
        contenders.push({ name, run, flops: peakFlops(kernel, invocations) });
      } catch (error) {
        obstacles.push(obstacleOf(error));
      }
    }
    if (contenders.length === 0) return { status: "skipped", says: obstacles.join(" ") };
    const timings = await takeTurns(contenders, rounds);
    return contenders
      .map(({ name, flops }, i) => ({
        status: "measured" as const,
        perSecond: flops / timings[i].median,
        kernel: name,
      }))
      .reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  } finally {
    results.destroy();
    numbers.destroy();
  }
}

/** Of one launch: a link of a chain is four multiplications and four additions. */
export function peakFlops({ chains }: Pick<PeakKernel, "chains">, invocations: number): number {
  return 8 * chains * LINKS * TURNS * invocations;
}

function peakWgsl({ how, chains, workgroupSize }: PeakKernel): string {
  const all = Array.from({ length: chains }, (_, i) => i);
  const link = (i: number) =>
    how === "fma" ? `c${i} = fma(c${i}, factor, summand);` : `c${i} = c${i} * factor + summand;`;
  const links = Array.from({ length: LINKS }, () => `    ${all.map(link).join(" ")}`);
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> numbers: array<f32, 2>;
@group(0) @binding(1) var<storage, read_write> results: array<f32>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3u) {
  // Read from a buffer, so that no compiler knows that both are 1.
  let factor = vec4f(numbers[0]);
  let summand = vec4f(numbers[1]);
  let first = f32(id.x % 64u);
${all
  .map(
    (i) =>
      `  var c${i} = vec4f(${start(i)
        .map((value) => `first + ${value}.0`)
        .join(", ")});`,
  )
  .join("\n")}
  for (var turn = 0u; turn < ${TURNS}u; turn++) {
${links.join("\n")}
  }
  let sum = ${all.map((i) => `c${i}`).join(" + ")};
  results[id.x] = sum.x + sum.y + sum.z + sum.w;
}
`;
}

/** Where the four lanes of a chain start: no two alike, or a compiler would compute them once. */
function start(chain: number): number[] {
  return [0, 1, 2, 3].map((lane) => 4 * chain + lane);
}

async function firstWrong(
  gpu: Gpu,
  results: GPUBuffer,
  invocations: number,
  { chains }: PeakKernel,
): Promise<string | null> {
  const actual = new Float32Array(await readBytes(gpu, results, 0, 4 * invocations));
  const numbers = 4 * chains;
  const starts = (numbers * (numbers - 1)) / 2;
  for (let i = 0; i < invocations; i++) {
    const expected = numbers * ((i % 64) + LINKS * TURNS) + starts;
    if (actual[i] !== expected) return `invocation ${i} gives ${actual[i]} instead of ${expected}.`;
  }
  return null;
}
