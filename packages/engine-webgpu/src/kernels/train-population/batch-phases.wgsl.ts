// The batch: which rows it is made of, and the rows themselves, transposed to blocks over the batch.

import { PERMUTATION_ROUNDS } from "@convergence-lab/core";
import { openNetwork } from "../network-memory.wgsl.ts";
import type { KernelShape } from "./kernel-shape.ts";
import type { MemoryLayout } from "./memory-layout.ts";
import { forEachItem, type Phase } from "./phase.ts";

export function batchPhases(shape: KernelShape, layout: MemoryLayout, lanes: string): Phase[] {
  const { batchBlocks, layers, permutation, rows, weights } = layout;
  const { inputBlocks } = layers[0];
  const inputs = layout.before.stages[0]?.input ?? layers[0].input;
  const ofTrainingPart = layout.probes?.work.infers
    ? "at.isTraining || at.isInference"
    : "at.isTraining";
  const draw: Phase = {
    name: "drawPermutation",
    when: "newEpoch",
    items: PERMUTATION_ROUNDS,
    // Values are floats, exact for numbers up to 2^24: a key takes two.
    source: /* wgsl */ `
fn drawPermutation(lane: u32) {${openNetwork}
${forEachItem(
  PERMUTATION_ROUNDS,
  lanes,
  /* wgsl */ `    let key = permutationKey(networks[networkIndex].seed, at.epoch, networks[networkIndex].trainRows, item);
    (*values)[${permutation}u + item] = vec4f(vec3u(key.x, key.y >> 16u, key.y & 0xffffu).xyzz);`,
)}
}
`,
  };
  const choose: Phase = {
    name: "chooseRows",
    when: "always",
    items: batchBlocks,
    source: /* wgsl */ `
/** Samples beyond the part repeat its last row. */
fn chooseRows(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
    var row = min(vec4u(at.first + 4u * block) + vec4u(0u, 1u, 2u, 3u), vec4u(at.partRows - 1u));
${
  shape.shuffle
    ? `    if (at.isTraining) {
      for (var round = 0u; round < ${PERMUTATION_ROUNDS}u; round++) {
        let key = vec4u((*values)[${permutation}u + round]);
        row = swapOrNot(vec2u(key.x, (key.y << 16u) | key.z), row, at.partRows);
      }
    }`
    : ""
}
    (*values)[${rows}u + block] = vec4f(row);
  }
}
`,
  };
  const load: Phase = {
    name: "loadBatch",
    when: "always",
    items: (inputBlocks + 1) * batchBlocks,
    source: /* wgsl */ `
${weights === null ? "" : weightsWgsl(shape, ofTrainingPart)}
fn loadBatch(lane: u32) {${openNetwork}
  let inputs = select(networks[networkIndex].testInputs, networks[networkIndex].trainInputs, ${ofTrainingPart});
  let labels = select(networks[networkIndex].testLabels, networks[networkIndex].trainLabels, ${ofTrainingPart});
${forEachItem(
  (inputBlocks + 1) * batchBlocks,
  lanes,
  /* wgsl */ `    let feature = item / ${batchBlocks}u;
    let block = item % ${batchBlocks}u;
    if (block >= at.activeBlocks) { continue; }
    let valid = isInBatch(block);
    let row = vec4u((*values)[${rows}u + block]);
    if (feature == ${inputBlocks}u) {
      let label = vec4f(
        data[labels + row.x / 4u][row.x % 4u],
        data[labels + row.y / 4u][row.y % 4u],
        data[labels + row.z / 4u][row.z % 4u],
        data[labels + row.w / 4u][row.w % 4u],
      );
      (*values)[${layout.labels}u + block] = label;
${weights === null ? "" : `      (*values)[${weights}u + block] = weightsOf(label, row);\n`}    } else {
      let place = vec4u(inputs) + row * ${inputBlocks}u + feature;
      let a = select(vec4f(), data[place.x], valid.x);
      let b = select(vec4f(), data[place.y], valid.y);
      let c = select(vec4f(), data[place.z], valid.z);
      let d = select(vec4f(), data[place.w], valid.w);
      let to = ${inputs}u + feature * ${4 * batchBlocks}u + block;
${["x", "y", "z", "w"]
  .map(
    (column, i) =>
      `      (*values)[to + ${i * batchBlocks}u] = vec4f(a.${column}, b.${column}, c.${column}, d.${column});`,
  )
  .join("\n")}
    }`,
)}
}
`,
  };
  return [...(shape.shuffle ? [draw] : []), choose, load];
}

/**
 * What each sample weighs in the loss: its class, which counts in training only, as Keras's
 * `class_weight` does, times its own.
 */
function weightsWgsl({ network, features }: KernelShape, ofTrainingPart: string): string {
  const lanes = (value: (c: string) => string) =>
    `vec4f(${["x", "y", "z", "w"].map(value).join(", ")})`;
  return /* wgsl */ `
fn weightsOf(label: vec4f, row: vec4u) -> vec4f {
  var weights = vec4f(1.0);
${
  features.classWeight
    ? `  if (at.isTraining) {
    let k = vec4u(label);
    weights = ${lanes((c) => `networks[networkIndex].classWeights[k.${c} / 4u][k.${c} % 4u]`)};
  }`
    : ""
}
${
  network.sampleWeight
    ? `  let own = select(networks[networkIndex].testWeights, networks[networkIndex].trainWeights, ${ofTrainingPart});
  weights *= ${lanes((c) => `data[own + row.${c} / 4u][row.${c} % 4u]`)};`
    : ""
}
  return weights;
}
`;
}
