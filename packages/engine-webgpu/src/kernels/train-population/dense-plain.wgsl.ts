// The products of a dense layer, the simplest way: one output of one block per invocation, straight
// sums. variants/dense-tiled.wgsl.ts computes the same numbers with register tiles; both are tested
// against core's reference.
//
//   preActivation[u][b] = bias[u] + sum over i of input[i][b] * kernel[i][u]
//   dKernel[i][u]       = sum over b of input[i][b] * dPreActivation[u][b]
//   dBias[u]            = sum over b of dPreActivation[u][b]
//   dInput[i][b]        = sum over u of dPreActivation[u][b] * kernel[i][u]

import { openNetwork } from "../network-memory.wgsl.ts";
import type { DensePasses, DenseSite } from "./dense-passes.ts";

export const densePlain: DensePasses = {
  forward: (site) => ({
    name: site.name("forward"),
    when: "always",
    items: 4 * site.unitBlocks * site.batchBlocks,
    source: /* wgsl */ `
fn ${site.name("forward")}(lane: u32) {${openNetwork}
  let training = at.isTraining;
  let activeBlocks = at.activeBlocks;
  for (var item = lane; item < ${4 * site.unitBlocks * site.batchBlocks}u; item += ${site.lanes}) {
    let unit = item / ${site.batchBlocks}u;
    let block = item % ${site.batchBlocks}u;
    if (block >= activeBlocks) { continue; }
    var z = ${site.bias === null ? "vec4f()" : `vec4f((*parameters)[${site.bias("unit / 4u")}][unit % 4u])`};
    for (var i = 0u; i < ${site.inputs}u; i++) {
      z += (*values)[${site.input("i", "block")}] * (*parameters)[${site.kernel("i", "unit / 4u")}][unit % 4u];
    }
    ${site.finish("unit", "block", "z")}
  }
}
`,
  }),

  inputGradient: (site) => ({
    name: site.name("inputGradient"),
    when: "training",
    items: 4 * site.inputBlocks * site.batchBlocks,
    source: /* wgsl */ `
fn ${site.name("inputGradient")}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  for (var item = lane; item < ${4 * site.inputBlocks * site.batchBlocks}u; item += ${site.lanes}) {
    let i = item / ${site.batchBlocks}u;
    let block = item % ${site.batchBlocks}u;
    if (block >= activeBlocks) { continue; }
    var sum = vec4f();
    for (var unit = 0u; unit < ${site.units}u; unit++) {
      sum += (*values)[${site.gradient("unit", "block")}] * (*parameters)[${site.kernel("i", "unit / 4u")}][unit % 4u];
    }
    ${site.finishInputGradient("i", "block", "sum")}
  }
}
`,
  }),

  parameterGradient: (site) => ({
    name: site.name("parameterGradient"),
    when: "training",
    items: 4 * site.inputBlocks * site.unitBlocks,
    source: /* wgsl */ `
fn ${site.name("parameterGradient")}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  for (var item = lane; item < ${4 * site.inputBlocks * site.unitBlocks}u; item += ${site.lanes}) {
    let i = item / ${site.unitBlocks}u;
    let unitBlock = item % ${site.unitBlocks}u;
    var sum = vec4f();
    for (var block = 0u; block < activeBlocks; block++) {
      let input = (*values)[${site.input("i", "block")}];
${loadUnits(site)}
      for (var c = 0u; c < 4u; c++) {
        sum += input[c] * vec4f(g0[c], g1[c], g2[c], g3[c]);
      }
    }
    ${site.finishKernelGradient("i", "unitBlock", "sum")}
  }
${biasGradient(site)}}
`,
  }),
};

/** Shared by both versions: a bias is a small part of the work. */
export function biasGradient(site: DenseSite): string {
  if (site.bias === null) return "";
  return /* wgsl */ `  for (var unitBlock = lane; unitBlock < ${site.unitBlocks}u; unitBlock += ${site.lanes}) {
    var sum = vec4f();
    for (var block = 0u; block < activeBlocks; block++) {
${loadUnits(site)}
      sum += vec4f(sumOfFour(g0), sumOfFour(g1), sumOfFour(g2), sumOfFour(g3));
    }
    ${site.finishBiasGradient("unitBlock", "sum")}
  }
`;
}

/** dPreActivation of the four units of `unitBlock`. */
function loadUnits(site: DenseSite): string {
  return [0, 1, 2, 3]
    .map((j) => `      let g${j} = (*values)[${site.gradient(`4u * unitBlock + ${j}u`, "block")}];`)
    .join("\n");
}
