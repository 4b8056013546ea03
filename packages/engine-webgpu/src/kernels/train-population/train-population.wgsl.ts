// The persistent population kernel: a workgroup trains one network for many batches in one dispatch.
// It calls the phases of a step (step-phases.ts) one after the other with a barrier in between;
// nothing crosses workgroups. Where several networks share one: packed-networks.wgsl.ts.

import { declarationsWgsl, Status } from "./declarations.wgsl.ts";
import { type Frame, NOT_MOVED } from "./frame.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { memoryLayout } from "./memory-layout.ts";
import { packedMainWgsl } from "./packed-networks.wgsl.ts";
import { allPhases, type Phase, type StepPart, type When } from "./phase.ts";
import { functionsWgsl, stepPhases } from "./step-phases.ts";
import { broadcastDirectives } from "./variants/dense-broadcast.wgsl.ts";

export function persistentFrame(shape: KernelShape): Frame {
  return {
    code: trainPopulationWgsl(shape),
    launches: [{ entryPoint: "trainPopulation", workgroups: 1, moved: NOT_MOVED }],
    isPerBatch: false,
  };
}

export function trainPopulationWgsl(shape: KernelShape): string {
  const layout = memoryLayout(shape);
  const parts = stepPhases(shape, layout, `${shape.plan.workgroupSize}u`);
  const networks = shape.plan.networksPerWorkgroup ?? 1;
  return /* wgsl */ `${shape.plan.dense === "broadcast" ? broadcastDirectives : ""}
${declarationsWgsl(shape, layout)}
var<workgroup> place: ${networks > 1 ? `array<vec4u, ${networks}>` : "vec4u"};
${functionsWgsl(shape, layout)}
${allPhases(parts)
  .map(({ source }) => source)
  .join("")}
${networks > 1 ? packedMainWgsl(shape, parts, CONDITIONS) : mainWgsl(shape, parts)}
`
    .replace(/\n{3,}/g, "\n\n")
    .trimStart();
}

/** Uniform over the lanes of a network, and so over the workgroup where that has one, as a barrier asks. */
const CONDITIONS: Record<When, string | null> = {
  always: null,
  newEpoch: "n == 0u || here.isFirstOfEpoch",
  training: "here.isTraining",
  probed: "here.isProbed",
  endOfEpoch: "here.isLastOfEpoch",
};

function mainWgsl({ plan }: KernelShape, parts: readonly StepPart[]) {
  const barrier =
    plan.values === "workgroup" ? "workgroupBarrier(); storageBarrier();" : "storageBarrier();";
  const call = ({ name, isIndependentOfNext, mayStop, onStop = [] }: Phase): string => {
    // Only the first invocation has written the status.
    if (mayStop) {
      return `${name}(lane);
    if (lane == 0u) { place.w = progress[index].status; }
    if (workgroupUniformLoad(&place).w != ${Status.running}u) { ${onStop.map(({ name: last }) => `${last}(lane); ${barrier} `).join("")}break; }`;
    }
    return isIndependentOfNext ? `${name}(lane);` : `${name}(lane);\n    ${barrier}`;
  };
  const callPart = (part: StepPart): string => {
    if (!("phases" in part)) return call(part);
    const { group, order, phases } = part;
    const { count, parameterStride, valueStride } = group;
    const r = order === "first to last" ? "r" : `(${count - 1}u - r)`;
    return `for (var r = 0u; r < ${count}u; r++) {
      moveTo(${r}, ${parameterStride}u, ${valueStride}u);
      ${phases.map(call).join("\n      ")}
    }
    moveTo(0u, 0u, 0u);`;
  };
  /** Parts that run under the same condition share its `if`. */
  const body = runsOf(parts, whenOf)
    .map((run) => {
      const condition = CONDITIONS[whenOf(run[0])];
      const calls = run.map(callPart).join("\n    ");
      return condition === null ? calls : `if (${condition}) {\n    ${calls}\n    }`;
    })
    .join("\n    ");
  return /* wgsl */ `
@compute @workgroup_size(${plan.workgroupSize})
fn trainPopulation(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let index = dispatch.alive[group.y / 4u][group.y % 4u];
  networkIndex = index;
  valueSlot = ${plan.values === "workgroup" ? "0u" : "group.y"};

  for (var n = 0u; n < dispatch.batches; n++) {
    if (lane == 0u) {
      place = vec4u(progress[index].epoch, progress[index].batch, progress[index].step, progress[index].status);
    }
    let now = workgroupUniformLoad(&place);
    if (now.w != ${Status.running}u) { break; }
    let here = batchAt(index, now);
    at = here;

    ${body}
  }
}
`;
}

function whenOf(part: StepPart): When {
  return "phases" in part ? part.phases[0].when : part.when;
}

function runsOf<T>(items: readonly T[], key: (item: T) => unknown): T[][] {
  const runs: T[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run && key(run[0]) === key(item)) run.push(item);
    else runs.push([item]);
  }
  return runs;
}
