// The frame that launches each phase of a step for itself: many workgroups work on one network, and
// a launch is done before the next one begins, which is all the order there is. Everything that a
// persistent kernel keeps from phase to phase is read again: the network's place in its training
// from `progress`, and whether it still trains. One that has ended or diverged returns at once.
//
// Phases with so little work that one workgroup does it share a launch, with barriers in between.

import { declarationsWgsl, Status } from "./declarations.wgsl.ts";
import { type Frame, type Launch, type Moved, NOT_MOVED } from "./frame.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { memoryLayout } from "./memory-layout.ts";
import { allPhases, type Phase, type StepPart, type When } from "./phase.ts";
import { functionsWgsl, stepPhases } from "./step-phases.ts";
import { broadcastDirectives } from "./variants/dense-broadcast.wgsl.ts";

/** Binding of `Launch` in its group; its offset is dynamic. */
export const LAUNCH_GROUP = 1;

/** Most workgroups that a launch gives a network; lanes take further items in turns. */
const MAX_WORKGROUPS = 65_535;

export function launchedPhases(shape: KernelShape): Frame {
  const layout = memoryLayout(shape);
  const parts = stepPhases(shape, layout, "lanes");
  const { workgroupSize } = shape.plan;
  const steps = parts.flatMap(inOrder);
  const launches: Launch[] = [];
  const entryPoints = new Map<string, string>();
  for (const run of runsOfSmall(steps, workgroupSize)) {
    const [{ phase, moved, isOnStop }] = run;
    const name = run.map((step) => step.phase.name).join("_");
    const entryPoint = `launch_${isOnStop ? "stopped_" : ""}${name}`;
    const called = run.map(({ phase: own }) =>
      isOnStop ? { ...own, when: "always" as const } : own,
    );
    const status = isOnStop ? Status.failing : Status.running;
    entryPoints.set(entryPoint, launchWgsl(entryPoint, called, workgroupSize, status));
    const workgroups = phase.together?.workgroups ?? Math.ceil(phase.items / workgroupSize);
    const isOfProbes = run.every((step) => step.phase.when === "probed");
    launches.push({
      entryPoint,
      workgroups: Math.min(workgroups, MAX_WORKGROUPS),
      moved,
      ...(isOfProbes && { isOfProbes }),
    });
  }
  const code = /* wgsl */ `${shape.plan.dense === "broadcast" ? broadcastDirectives : ""}
${declarationsWgsl(shape, layout)}
/** What differs between the launches of one entry point. */
struct Launch {
  // Which of layers that repeat, and how far its tensors lie behind those of the first.
  repeated: u32,
  parameterOffset: u32,
  valueOffset: u32,
  /** Whether the network's values may have been lost before. */
  isFirst: u32,
}
@group(${LAUNCH_GROUP}) @binding(0) var<uniform> launch: Launch;

/** Lanes that work on one network in this launch. */
var<private> lanes: u32;
var<workgroup> place: vec4u;

fn progressOf(slot: u32) -> vec4u {
  let index = dispatch.alive[slot / 4u][slot % 4u];
  return vec4u(progress[index].epoch, progress[index].batch, progress[index].step, progress[index].status);
}

fn enter(slot: u32, now: vec4u, lanesOfNetwork: u32) -> Batch {
  let index = dispatch.alive[slot / 4u][slot % 4u];
  let here = batchAt(index, now);
  networkIndex = index;
  valueSlot = slot;
  lanes = lanesOfNetwork;
  repeated = launch.repeated;
  parameterOffset = launch.parameterOffset;
  valueOffset = launch.valueOffset;
  at = here;
  return here;
}
${functionsWgsl(shape, layout)}
${allPhases(parts)
  .map(({ source }) => source)
  .join("")}
${[...entryPoints.values()].join("")}
`
    .replace(/\n{3,}/g, "\n\n")
    .trimStart();
  return { code, launches, isPerBatch: true };
}

interface Step {
  readonly phase: Phase;
  readonly moved: Moved;
  /** Of networks that another phase has stopped. */
  readonly isOnStop?: boolean;
}

/** The phases of a part as they follow each other, those of a repeated layer once per layer. */
function inOrder(part: StepPart): Step[] {
  if (!("phases" in part)) {
    const onStop = (part.onStop ?? []).map((phase) => ({
      phase,
      moved: NOT_MOVED,
      isOnStop: true,
    }));
    return [{ phase: part, moved: NOT_MOVED }, ...onStop];
  }
  const { count, parameterStride, valueStride } = part.group;
  const order = Array.from({ length: count }, (_, r) => r);
  if (part.order === "last to first") order.reverse();
  return order.flatMap((repeated) => {
    const moved = {
      repeated,
      parameterOffset: repeated * parameterStride,
      valueOffset: repeated * valueStride,
    };
    return part.phases.map((phase) => ({ phase, moved }));
  });
}

function runsOfSmall(steps: readonly Step[], workgroupSize: number): Step[][] {
  const isSmall = ({ phase, moved }: Step) =>
    moved === NOT_MOVED && !phase.together && phase.items <= workgroupSize;
  const runs: Step[][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const isAlike = last?.isOnStop === step.isOnStop && !last?.phase.mayStop;
    if (run && last && isSmall(last) && isSmall(step) && isAlike) run.push(step);
    else runs.push([step]);
  }
  return runs;
}

const CONDITIONS: Record<When, string | null> = {
  always: null,
  newEpoch: "launch.isFirst != 0u || here.isFirstOfEpoch",
  training: "here.isTraining",
  probed: "here.isProbed",
  endOfEpoch: "here.isLastOfEpoch",
};

function launchWgsl(
  entryPoint: string,
  phases: readonly Phase[],
  size: number,
  status: number,
): string {
  if (phases.length > 1) return severalWgsl(entryPoint, phases, size, status);
  const [phase] = phases;
  return phase.together
    ? togetherWgsl(entryPoint, phase, phase.together.lanes, status)
    : oneWgsl(entryPoint, phase, size, status);
}

/** Lanes of all workgroups take the items of one phase. */
function oneWgsl(entryPoint: string, { name, when }: Phase, size: number, status: number): string {
  const condition = CONDITIONS[when];
  const call = (what: string) => (condition === null ? what : `if (${condition}) { ${what} }`);
  return /* wgsl */ `
@compute @workgroup_size(${size})
fn ${entryPoint}(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let now = progressOf(id.y);
  if (now.w != ${status}u) { return; }
  let here = enter(id.y, now, groups.x * ${size}u);
  ${call(`${name}(id.x);`)}
}
`;
}

/** One workgroup does one small phase after the other. */
function severalWgsl(
  entryPoint: string,
  phases: readonly Phase[],
  size: number,
  status: number,
): string {
  const calls = phases.map(({ name, when }) => {
    const condition = CONDITIONS[when];
    const call = `${name}(lane);`;
    return condition === null ? `  ${call}` : `  if (${condition}) { ${call} }`;
  });
  return /* wgsl */ `
@compute @workgroup_size(${size})
fn ${entryPoint}(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  if (lane == 0u) { place = progressOf(group.y); }
  let now = workgroupUniformLoad(&place);
  if (now.w != ${status}u) { return; }
  let here = enter(group.y, now, ${size}u);
${calls.join("\n  storageBarrier();\n")}
}
`;
}

/** A workgroup does one piece of a phase, with barriers of its own. */
function togetherWgsl(
  entryPoint: string,
  { name, when }: Phase,
  lanes: number,
  status: number,
): string {
  const condition = CONDITIONS[when];
  const call = `${name}(group.x, lane, here.isTraining, here.activeBlocks);`;
  return /* wgsl */ `
@compute @workgroup_size(${lanes})
fn ${entryPoint}(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  if (lane == 0u) { place = progressOf(group.y); }
  let now = workgroupUniformLoad(&place);
  if (now.w != ${status}u) { return; }
  let here = enter(group.y, now, ${lanes}u);
  ${condition === null ? call : `if (${condition}) { ${call} }`}
}
`;
}
