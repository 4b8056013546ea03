// The loss of four samples at once, its derivative by the last layer's pre-activations, and whether
// the predictions are right.
//
// Sigmoid with binaryCrossentropy and softmax with sparseCategoricalCrossentropy are computed from
// logits. Any other pair is computed from the activated outputs as Keras does it: clipped, and for
// the sparse loss divided by the row's sum.

import type { Activation, Loss } from "@convergence-lab/core";
import { activationSource } from "../activation/activation.wgsl.ts";
import { openNetwork } from "../network-memory.wgsl.ts";

export interface LossOptions {
  readonly loss: Loss;
  readonly activation: Activation;
  readonly units: number;
  /** Index expressions of a block in `values`: outputs and their gradient by unit, and the rest. */
  readonly outputs: (unit: string) => string;
  readonly gradient: (unit: string) => string;
  readonly labels: string;
  readonly losses: string;
  readonly correct: string;
}

/** Labels are class indices, so the categorical loss is the sparse one. */
function isCategorical(loss: Loss): boolean {
  return loss === "categoricalCrossentropy" || loss === "sparseCategoricalCrossentropy";
}

/** Whether the last layer hands its pre-activations to the loss. */
export function isFromLogits(loss: Loss, activation: Activation): boolean {
  return (
    (loss === "binaryCrossentropy" && activation === "sigmoid") ||
    (isCategorical(loss) && activation === "softmax")
  );
}

/**
 * The function `evaluateBlock(block, rows, training)`: samples `4 * block` and on, of which those
 * below `rows` count. With `training` it replaces the slopes in the gradient by dPreActivation;
 * under a softmax that is not part of the loss, by dActivation.
 */
export function lossWgsl(options: LossOptions): string {
  const { loss, activation } = options;
  const fromLogits = isFromLogits(loss, activation);
  const source = isCategorical(loss)
    ? fromLogits
      ? softmaxCrossentropy(options)
      : sparseCrossentropy(options)
    : perOutput(options);
  const helpers = isCategorical(loss)
    ? fromLogits
      ? ""
      : CLIPPED_WGSL
    : outputLossWgsl(loss, fromLogits);
  return /* wgsl */ `${helpers}
fn evaluateBlock(block: u32, rows: u32, training: bool) {${openNetwork}
  let labels = ${options.labels};
  let valid = vec4u(4u * block) + vec4u(0u, 1u, 2u, 3u) < vec4u(rows);
  // Samples beyond the batch have weight 0 in gradient, loss and accuracy.
  let scale = select(vec4f(), vec4f(1.0 / f32(rows)), valid);
  var loss = vec4f();
  var predicted = vec4f();
${source.replace(/^\s*\n|\s+$/g, "")}
  ${options.losses} = select(vec4f(), loss, valid);
  ${options.correct} = select(vec4f(), vec4f(1.0), (predicted == labels) & valid);
}
`;
}

/** `keras.config.epsilon()`: outputs are clipped to [epsilon, 1 - epsilon] before a logarithm. */
const LOW = Math.fround(1e-7);
const HIGH = Math.fround(1 - 1e-7);

const CLIPPED_WGSL = /* wgsl */ `
/** clamp may swallow a NaN; a diverged network has to show. */
fn clipped(p: vec4f) -> vec4f {
  return select(clamp(p, vec4f(${LOW}), vec4f(${HIGH})), p, isNotFinite(p));
}
fn isClipped(p: vec4f) -> vec4<bool> {
  return (p < vec4f(${LOW})) | (p > vec4f(${HIGH}));
}
`;

/** `outputLoss` and `outputSlope` of one output against its target. */
function outputLossWgsl(loss: Loss, fromLogits: boolean) {
  const [helpers, value, slope] = outputLoss(loss, fromLogits);
  return /* wgsl */ `${helpers}
fn outputLoss(p: vec4f, label: vec4f) -> vec4f { return ${value}; }
fn outputSlope(p: vec4f, label: vec4f) -> vec4f { return ${slope}; }
`;
}

function outputLoss(
  loss: Loss,
  fromLogits: boolean,
): [helpers: string, value: string, slope: string] {
  switch (loss) {
    case "binaryCrossentropy":
      if (fromLogits) {
        return [
          "",
          "max(p, vec4f()) - p * label + log1pUnit(exp(-abs(p)))",
          // sigmoid(p) - label, without a difference of near equals for a confident right answer.
          "select(sigmoid(p) - label, (1.0 - label) - sigmoid(-p), p > vec4f())",
        ];
      }
      return [
        CLIPPED_WGSL,
        "-label * log(clipped(p)) - (1.0 - label) * log(1.0 - clipped(p))",
        "select((p - label) / (p * (1.0 - p)), vec4f(), isClipped(p))",
      ];
    case "meanSquaredError":
      return ["", "(p - label) * (p - label)", "2.0 * (p - label)"];
    case "meanAbsoluteError":
      return ["", "abs(p - label)", "sign(p - label)"];
    case "hinge": {
      // Labels 0 and 1 become -1 and +1; at the hinge the slope is that of the left.
      const sign =
        "fn hingeSign(label: vec4f) -> vec4f { return select(vec4f(-1.0), vec4f(1.0), label > vec4f()); }";
      const margin = "1.0 - hingeSign(label) * p";
      return [
        sign,
        `select(${margin}, vec4f(), ${margin} < vec4f())`,
        `select(-hingeSign(label), vec4f(), ${margin} < vec4f())`,
      ];
    }
    default:
      throw new Error(`${loss} has no kernel; requireSupported should have refused it.`);
  }
}

/** Losses that are a mean over the outputs. */
function perOutput({ loss, activation, units, outputs, gradient }: LossOptions): string {
  const activated = isFromLogits(loss, activation) ? "sigmoid(output)" : "output";
  const prediction =
    units === 1
      ? `predicted = select(vec4f(), vec4f(1.0), ${activated} > vec4f(0.5));`
      : /* wgsl */ `let activated = ${activated};
    let isLarger = activated > largest;
    predicted = select(predicted, vec4f(f32(unit)), isLarger);
    largest = select(largest, activated, isLarger);`;
  return /* wgsl */ `
  ${units === 1 ? "" : "var largest = vec4f(-3.4e38);"}
  for (var unit = 0u; unit < ${units}u; unit++) {
    let output = (*values)[${outputs("unit")}];
    let label = ${units === 1 ? "labels" : "select(vec4f(), vec4f(1.0), labels == vec4f(f32(unit)))"};
    loss += outputLoss(output, label) / ${units}.0;
    ${prediction}
    if (training) {
      let slope = outputSlope(output, label) * (scale / ${units}.0);
      ${storeSlope(activation, isFromLogits(loss, activation), gradient)}
    }
  }`;
}

/** Keeps an elementwise activation's slope in place when it was stored there. */
function storeSlope(
  activation: Activation,
  fromLogits: boolean,
  gradient: (unit: string) => string,
): string {
  const target = `(*values)[${gradient("unit")}]`;
  if (fromLogits || activation === "softmax") return `${target} = slope;`;
  const { slopeReadsActivation } = activationSource(activation);
  return slopeReadsActivation
    ? `${target} = slope * slope_${activation}(output);`
    : `${target} *= slope;`;
}

function softmaxCrossentropy({ units, outputs, gradient }: LossOptions): string {
  return /* wgsl */ `
  var largest = (*values)[${outputs("0u")}];
  for (var unit = 1u; unit < ${units}u; unit++) {
    largest = max(largest, (*values)[${outputs("unit")}]);
  }
  var sum = vec4f();
  var labelled = vec4f();
  for (var unit = 0u; unit < ${units}u; unit++) {
    let logit = (*values)[${outputs("unit")}];
    sum += exp(logit - largest);
    labelled = select(labelled, logit, labels == vec4f(f32(unit)));
  }
  loss = (largest - labelled) + log(sum);
  var best = vec4f();
  for (var unit = 0u; unit < ${units}u; unit++) {
    let probability = exp((*values)[${outputs("unit")}] - largest) / sum;
    ${
      units === 1
        ? "predicted = select(vec4f(), vec4f(1.0), probability > vec4f(0.5));"
        : `predicted = select(predicted, vec4f(f32(unit)), probability > best);
    best = max(best, probability);`
    }
    if (training) {
      let label = select(vec4f(), vec4f(1.0), labels == vec4f(f32(unit)));
      (*values)[${gradient("unit")}] = (probability - label) * scale;
    }
  }`;
}

function sparseCrossentropy({ activation, units, outputs, gradient }: LossOptions): string {
  return /* wgsl */ `
  var sum = vec4f();
  var labelled = vec4f();
  var largest = vec4f(-3.4e38);
  for (var unit = 0u; unit < ${units}u; unit++) {
    let output = (*values)[${outputs("unit")}];
    sum += output;
    labelled = select(labelled, output, labels == vec4f(f32(unit)));
    ${
      units === 1
        ? "predicted = select(vec4f(), vec4f(1.0), output > vec4f(0.5));"
        : `predicted = select(predicted, vec4f(f32(unit)), output > largest);
    largest = max(largest, output);`
    }
  }
  let share = labelled / sum;
  loss = -log(clipped(share));
  if (training) {
    for (var unit = 0u; unit < ${units}u; unit++) {
      let output = (*values)[${outputs("unit")}];
      let own = select(vec4f(), 1.0 / labelled, labels == vec4f(f32(unit)));
      let slope = select(1.0 / sum - own, vec4f(), isClipped(share)) * scale;
      ${storeSlope(activation, false, gradient)}
    }
  }`;
}
