// An activation as an operation: elementwise, softmax over the units, or prelu with its trained
// slopes. A dense layer's own activation is one of these where it cannot be fused.

import type { Activation } from "@convergence-lab/core";
import { activationCall, activationSource } from "../../activation/activation.wgsl.ts";
import {
  forEachUnit,
  type StagePhases,
  type StageSite,
  samplePhase,
  unitPhase,
  valuePhase,
} from "./stage.ts";

/** @param alpha The activation's slope or scale, an expression. */
export function activationStage(
  activation: Activation,
  site: StageSite,
  alpha: string,
): StagePhases {
  if (activation === "softmax") return softmax(site);
  if (activation === "prelu") return prelu(site);
  const { input, output, gradient } = site;
  const { slopeReadsActivation } = activationSource(activation);
  const call = (kind: "activate" | "slope", of: string) =>
    activationCall(kind, activation, of, "alpha");
  const slopeOf = slopeReadsActivation ? output : input;
  const lets = `  let alpha = ${alpha};`;
  return {
    forward: [
      valuePhase(
        site,
        "activate",
        "always",
        lets,
        `    ${output("unit", "block")} = ${call("activate", input("unit", "block"))};`,
      ),
    ],
    backward: [
      valuePhase(
        site,
        "activateBack",
        "training",
        lets,
        `    ${gradient("unit", "block")} *= ${call("slope", slopeOf("unit", "block"))};`,
      ),
    ],
  };
}

/** The largest entry is subtracted first. Backward: `a[j] * (d[j] - sum_k a[k] * d[k])`. */
function softmax(site: StageSite): StagePhases {
  const { units, input, output, gradient } = site;
  const [x, y, d] = [input, output, gradient].map((place) => place("unit", "block"));
  return {
    forward: [
      samplePhase(
        site,
        "softmax",
        "always",
        /* wgsl */ `    var largest = ${input("0u", "block")};
    for (var unit = 1u; unit < ${units}u; unit++) { largest = max(largest, ${x}); }
    var sum = vec4f();
    for (var unit = 0u; unit < ${units}u; unit++) { sum += exp(${x} - largest); }
    for (var unit = 0u; unit < ${units}u; unit++) { ${y} = exp(${x} - largest) / sum; }`,
      ),
    ],
    backward: [
      samplePhase(
        site,
        "softmaxBack",
        "training",
        /* wgsl */ `    var mean = vec4f();
    for (var unit = 0u; unit < ${units}u; unit++) { mean += ${y} * ${d}; }
    for (var unit = 0u; unit < ${units}u; unit++) { ${d} = ${y} * (${d} - mean); }`,
      ),
    ],
  };
}

/** z where it is positive, else alpha[unit] * z. */
function prelu(site: StageSite): StagePhases {
  const { input, output, gradient } = site;
  return {
    forward: [
      valuePhase(
        site,
        "prelu",
        "always",
        "",
        /* wgsl */ `    let z = ${input("unit", "block")};
    let slope = ${site.parameter("alpha", "unit / 4u")}[unit % 4u];
    ${output("unit", "block")} = select(z, slope * z, z < vec4f());`,
      ),
    ],
    backward: [
      unitPhase(
        site,
        "preluBack",
        "training",
        /* wgsl */ `    let slopes = ${site.parameter("alpha", "unitBlock")};
    var dSlopes = vec4f();
${forEachUnit(
  site,
  /* wgsl */ `      for (var block = 0u; block < activeBlocks; block++) {
        let z = ${input("unit", "block")};
        let d = ${gradient("unit", "block")};
        let isLeft = z <= vec4f();
        dSlopes[c] += sumOfFour(select(vec4f(), d * z, isLeft));
        ${gradient("unit", "block")} = select(d, slopes[c] * d, isLeft);
      }`,
)}
    ${site.parameterGradient("alpha", "unitBlock")} = dSlopes;`,
      ),
    ],
  };
}
