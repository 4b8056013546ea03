// What a probed step finds of the batch's samples: the answers to them.

import { SATURATED_SOFTMAX } from "@convergence-lab/core";
import { openNetwork } from "../../network-memory.wgsl.ts";
import type { KernelShape } from "../kernel-shape.ts";
import { lossHead } from "../loss-head.ts";
import type { MemoryLayout } from "../memory-layout.ts";
import type { Phase } from "../phase.ts";
import { isSoftmax } from "./layer-table.wgsl.ts";
import type { ProbeLayout } from "./probe-layout.ts";

/** What the network answers, where the loss reads what comes before its last activation. */
export function answerPhase(
  { network }: KernelShape,
  { batchBlocks, layers }: MemoryLayout,
  answers: number,
  lanes: string,
): Phase {
  const last = layers[layers.length - 1];
  const x = (unit: string) => `(*values)[${last.output}u + ${unit} * ${batchBlocks}u + block]`;
  const y = `(*values)[${answers}u + unit * ${batchBlocks}u + block]`;
  const overUnits = (body: string) =>
    `for (var unit = 0u; unit < ${last.units}u; unit++) { ${body} }`;
  const softmax = /* wgsl */ `var largest = ${x("0u")};
    ${overUnits(`largest = max(largest, ${x("unit")});`)}
    var sum = vec4f();
    ${overUnits(`sum += exp(${x("unit")} - largest);`)}
    ${overUnits(`${y} = exp(${x("unit")} - largest) / sum;`)}`;
  return {
    name: "answer",
    when: "probed",
    items: batchBlocks,
    source: /* wgsl */ `
fn answer(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
    ${lossHead(network).activation === "softmax" ? softmax : overUnits(`${y} = sigmoid(${x("unit")});`)}
  }
}
`,
  };
}

/** Of four samples: answers that differ from all before, and softmaxes that are saturated. */
export function samplesPhase(
  { batchBlocks, layers }: MemoryLayout,
  { work, layers: probed, samples, answers }: ProbeLayout,
  lanes: string,
): Phase {
  const last = layers[layers.length - 1];
  const output = (sample: string) =>
    `(*values)[${answers ?? last.output}u + unit * ${batchBlocks}u + ${sample} / 4u][${sample} % 4u]`;
  const distinct = /* wgsl */ `    var distinct = vec4f();
    for (var sample = 4u * block; sample < min(4u * block + 4u, at.rows); sample++) {
      var isNew = true;
      for (var other = 0u; other < sample && isNew; other++) {
        var isSame = true;
        for (var unit = 0u; unit < ${last.units}u && isSame; unit++) {
          let value = ${output("sample")};
          // Written so that NaN differs from everything.
          isSame = abs(value - ${output("other")}) <= 1e-6 * max(1.0, abs(value));
        }
        isNew = !isSame;
      }
      distinct[sample % 4u] = f32(isNew);
    }
    (*values)[${samples}u + block] = distinct;`;
  const saturated = probed.filter(isSoftmax).map(
    ({ layout: { units }, a }, s) => /* wgsl */ `    var best${s} = vec4f();
    for (var unit = 0u; unit < ${units}u; unit++) { best${s} = max(best${s}, (*values)[${a}u + unit * ${batchBlocks}u + block]); }
    (*values)[${samples + (s + 1) * batchBlocks}u + block] = select(vec4f(), vec4f(1.0), isInBatch(block) & (best${s} >= vec4f(${SATURATED_SOFTMAX})));`,
  );
  return {
    name: "probeSamples",
    when: "probed",
    items: batchBlocks,
    source: /* wgsl */ `
fn probeSamples(lane: u32) {${openNetwork}
  for (var block = lane; block < at.activeBlocks; block += ${lanes}) {
${work.readsOutputs ? distinct : ""}
${work.readsFlatParts ? saturated.join("\n") : ""}
  }
}
`,
  };
}
