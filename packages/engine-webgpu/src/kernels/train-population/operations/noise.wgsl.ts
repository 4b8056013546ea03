// Operations that draw random numbers in training and do little or nothing in inference: dropout,
// alpha dropout, additive noise. Masks are drawn again in backward, which costs less than a copy.

import { Stream } from "@convergence-lab/core";
import { type StagePhases, type StageSite, valuePhase } from "./stage.ts";

/** Inverted: what is kept is scaled up. Its numbers: the rate as a threshold, 1 / (1 - rate). */
export function dropout(site: StageSite): StagePhases {
  return drawn(site, "dropout", {
    forward: `select(numbers.y * x, vec4f(), isDropped)`,
    backward: `select(numbers.y * d, vec4f(), isDropped)`,
  });
}

/**
 * Klambauer et al. 2017. Its numbers: the rate as a threshold, the scale and shift of what is kept,
 * and what is put in the place of what is not.
 */
export function alphaDropout(site: StageSite): StagePhases {
  return drawn(site, "alphaDropout", {
    forward: `select(numbers.y * x + numbers.z, vec4f(numbers.w), isDropped)`,
    backward: `select(numbers.y * d, vec4f(), isDropped)`,
  });
}

function drawn(
  site: StageSite,
  name: string,
  { forward, backward }: { forward: string; backward: string },
): StagePhases {
  const { units, input, output, gradient, numbers, position } = site;
  const lets = `  let numbers = ${numbers};\n  let stream = ${Stream.dropout}u + ${position};`;
  const isDropped = `uniformsAt(stream, elements(block, unit, ${units}u)) < vec4f(numbers.x)`;
  return {
    forward: [
      valuePhase(
        site,
        name,
        "always",
        lets,
        /* wgsl */ `    var x = ${input("unit", "block")};
    if (at.isTraining) {
      let isDropped = ${isDropped};
      x = ${forward};
    }
    ${output("unit", "block")} = x;`,
      ),
    ],
    backward: [
      valuePhase(
        site,
        `${name}Back`,
        "training",
        lets,
        /* wgsl */ `    let d = ${gradient("unit", "block")};
    let isDropped = ${isDropped};
    ${gradient("unit", "block")} = ${backward};`,
      ),
    ],
  };
}

/** The gradient passes unchanged. Its number: the standard deviation. */
export function gaussianNoise(site: StageSite): StagePhases {
  const { units, input, output, numbers, position } = site;
  return {
    forward: [
      valuePhase(
        site,
        "gaussianNoise",
        "always",
        `  let stddev = ${numbers}.x;\n  let stream = ${Stream.noise}u + ${position};`,
        /* wgsl */ `    var x = ${input("unit", "block")};
    if (at.isTraining) { x += stddev * normalsAt(stream, elements(block, unit, ${units}u)); }
    ${output("unit", "block")} = x;`,
      ),
    ],
    backward: [],
  };
}
