// The persistent kernel where several very small networks share a workgroup, each with lanes of its
// own: a network of eight units has work for a few lanes, and a core of a GPU takes only so many
// workgroups at a time.
//
// All networks of a workgroup meet at every barrier. They may stand at different batches, since their
// parts may differ in length, and may end at different times: whether a phase has something to do is
// asked for each network, and barriers stand outside of that. Sums run in the order of the others.

import { Status } from "./declarations.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import type { Phase, StepPart, When } from "./phase.ts";

/** @param conditions Of the batch, by network. */
export function packedMainWgsl(
  { plan }: KernelShape,
  parts: readonly StepPart[],
  conditions: Readonly<Record<When, string | null>>,
): string {
  const { workgroupSize: lanes, networksPerWorkgroup: networks = 1, values } = plan;
  const barrier =
    values === "workgroup" ? "workgroupBarrier(); storageBarrier();" : "storageBarrier();";
  const call = ({ name, when, isIndependentOfNext, mayStop, onStop = [] }: Phase): string => {
    const condition = conditions[when];
    const doing = `if (${condition === null ? "trains" : `trains && (${condition})`}) { ${name}(lane); }`;
    if (!mayStop) return isIndependentOfNext ? doing : `${doing}\n    ${barrier}`;
    // Only the first of the network's lanes has written the status.
    return `${doing}
    if (trains && lane == 0u) { place[member].w = progress[index].status; }
    workgroupBarrier();
    let goesOn = place[member].w == ${Status.running}u;
    ${onStop.map(({ name: last }) => `if (trains && !goesOn) { ${last}(lane); } ${barrier} `).join("")}trains = trains && goesOn;`;
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
  const allHaveEnded = Array.from(
    { length: networks },
    (_, i) => `places[${i}].w != ${Status.running}u`,
  ).join(" && ");
  return /* wgsl */ `
@compute @workgroup_size(${lanes * networks})
fn trainPopulation(@builtin(local_invocation_index) invocation: u32, @builtin(workgroup_id) group: vec3u) {
  let member = invocation / ${lanes}u;
  let lane = invocation % ${lanes}u;
  let slot = group.y * ${networks}u + member;
  // The last workgroup may have lanes for more networks than there are.
  let isThere = slot < dispatch.networks;
  let index = select(0u, dispatch.alive[slot / 4u][slot % 4u], isThere);
  networkIndex = index;
  valueSlot = ${values === "workgroup" ? "member" : "slot"};

  for (var n = 0u; n < dispatch.batches; n++) {
    if (lane == 0u) {
      let status = select(${Status.complete}u, progress[index].status, isThere);
      place[member] = vec4u(progress[index].epoch, progress[index].batch, progress[index].step, status);
    }
    let places = workgroupUniformLoad(&place);
    if (${allHaveEnded}) { break; }
    let now = places[member];
    var trains = now.w == ${Status.running}u;
    let here = batchAt(index, now);
    at = here;

    ${parts.map(callPart).join("\n    ")}
  }
}
`;
}
