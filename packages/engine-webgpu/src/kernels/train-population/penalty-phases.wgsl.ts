// L1 and L2: the penalties' sums in parts of a fixed order, and the gradient of an activity penalty.
// Those of kernels and biases are added where the gradients are stored (layer-source.ts).

import { openNetwork } from "../network-memory.wgsl.ts";
import type { KernelFeatures } from "./kernel-shape.ts";
import { type MemoryLayout, PENALTY_PARTS } from "./memory-layout.ts";
import { forEachItem, type Phase } from "./phase.ts";

/** l1 sum |w| + l2 sum w^2 over kernels and biases. */
export function parameterPenalty(
  { tensors, penalties }: MemoryLayout,
  { kernelPenalty, biasPenalty }: KernelFeatures,
  lanes: string,
): Phase {
  const sums = tensors
    .filter(
      ({ tensor }) =>
        (tensor.kind === "kernel" && kernelPenalty) || (tensor.kind === "bias" && biasPenalty),
    )
    .map(
      (
        { tensor, first, blocks },
        t,
      ) => /* wgsl */ `    let penalty${t} = networks[networkIndex].layers[${tensor.layer}].${tensor.kind}Penalty;
    for (var i = item; i < ${blocks}u; i += ${PENALTY_PARTS}u) {
      let w = (*parameters)[${first}u + i];
      sum += penalty${t}.x * abs(w) + penalty${t}.y * w * w;
    }`,
    );
  return partialSums("sumPenalties", penalties, sums, lanes);
}

/** The same over the activated outputs of every layer, of the batch's samples. */
export function activityPenalty(
  { layers, batchBlocks, activityPenalties }: MemoryLayout,
  lanes: string,
): Phase {
  const sums = layers.map(
    (
      { units, activated },
      l,
    ) => /* wgsl */ `    let penalty${l} = networks[networkIndex].layers[${l}].activityPenalty;
    for (var i = item; i < ${units}u * at.activeBlocks; i += ${PENALTY_PARTS}u) {
      let block = i % at.activeBlocks;
      let a = select(vec4f(), (*values)[${activated}u + i / at.activeBlocks * ${batchBlocks}u + block], isInBatch(block));
      sum += penalty${l}.x * abs(a) + penalty${l}.y * a * a;
    }`,
  );
  return partialSums("sumActivityPenalties", activityPenalties, sums, lanes);
}

function partialSums(name: string, place: number, sums: readonly string[], lanes: string): Phase {
  return {
    name,
    when: "always",
    items: PENALTY_PARTS,
    source: /* wgsl */ `
fn ${name}(lane: u32) {${openNetwork}
${forEachItem(
  PENALTY_PARTS,
  lanes,
  /* wgsl */ `    var sum = vec4f();
${sums.join("\n")}
    (*values)[${place}u + item] = sum;`,
)}
}
`,
  };
}
