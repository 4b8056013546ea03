// The loss of four samples at once, its derivative by what the loss reads, and whether the
// predictions are right. docs/training-semantics.md says which pairs of loss and activation are
// computed from logits; any other is computed from the activated outputs as Keras does it, clipped,
// and for the categorical losses divided by the row's sum.

import type { Activation, Network } from "@convergence-lab/core";
import { openNetwork } from "../network-memory.wgsl.ts";

type Loss = Network["loss"];

export interface LossOptions {
  readonly loss: Loss;
  /** What makes the outputs, and whether the loss reads what comes before it. */
  readonly activation: Activation;
  readonly passesActivation: boolean;
  /** What the loss reads are logits. */
  readonly isFromLogits: boolean;
  /** Binary focal loss: whether alpha weighs the classes. */
  readonly hasClassBalancing: boolean;
  readonly hasLabelSmoothing: boolean;
  readonly units: number;
  /** Places in memory: what the loss reads and its derivative, by unit; then per sample. */
  readonly outputs: (unit: string) => string;
  /** A statement that stores a derivative by `output`. */
  readonly storeGradient: (unit: string, slope: string) => string;
  readonly labels: string;
  /** What each sample weighs; null where all weigh 1. */
  readonly weights: string | null;
  readonly losses: string;
  readonly correct: string;
  /** The class that is predicted; null where nobody asks. */
  readonly predicted: string | null;
}

/** The function `evaluateBlock(block)`: samples `4 * block` and on. */
export function lossWgsl(options: LossOptions): string {
  const { helpers, body } = isCategorical(options.loss) ? categorical(options) : perOutput(options);
  const { weights, hasLabelSmoothing, units } = options;
  // Targets are 1 and 0, or smoothed: floor + kept and floor.
  const smoothing = `let smoothing = networks[networkIndex].labelSmoothing;
  let kept = 1.0 - smoothing;
  let floor = smoothing / ${isCategorical(options.loss) ? units : 2}.0;`;
  return /* wgsl */ `${helpers}
fn evaluateBlock(block: u32) {${openNetwork}
  let labels = ${options.labels};
  let valid = isInBatch(block);
${weights === null ? "" : `  let weights = ${weights};`}
  // Samples beyond the batch have weight 0 in gradient, loss and accuracy.
  let scale = select(vec4f(), ${weights === null ? "vec4f(1.0 / f32(at.rows))" : "weights / f32(at.rows)"}, valid);
${hasLabelSmoothing ? `  ${smoothing}` : ""}
  var loss = vec4f();
  var predicted = vec4f();
${body.replace(/^\s*\n|\s+$/g, "")}
  ${options.losses} = select(vec4f(), ${weights === null ? "loss" : "weights * loss"}, valid);
  ${options.correct} = select(vec4f(), vec4f(1.0), (predicted == labels) & valid);
${options.predicted === null ? "" : `  ${options.predicted} = predicted;\n`}}
`;
}

/** Labels are class indices, so the categorical loss is the sparse one. */
export function isCategorical(loss: Loss): boolean {
  return (
    loss === "categoricalCrossentropy" ||
    loss === "sparseCategoricalCrossentropy" ||
    loss === "categoricalFocalCrossentropy"
  );
}

interface LossSource {
  readonly helpers: string;
  readonly body: string;
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

/** The derivative of x^n; at 0, where it may be infinite, a focal term has no slope left. */
const POWER_SLOPE_WGSL = /* wgsl */ `
fn powerSlope(x: vec4f, n: f32) -> vec4f {
  let atZero = select(0.0, 1.0, n == 1.0);
  return select(n * power(x, n - 1.0), vec4f(atZero), x == vec4f());
}
`;

/** Losses that are a mean over the outputs. */
function perOutput(options: LossOptions): LossSource {
  const { loss, passesActivation, isFromLogits, units, outputs, hasLabelSmoothing } = options;
  const activated = passesActivation ? "sigmoid(output)" : "output";
  const prediction =
    units === 1
      ? `predicted = select(vec4f(), vec4f(1.0), ${activated} > vec4f(0.5));`
      : /* wgsl */ `let activated = ${activated};
    let isLarger = activated > largest;
    predicted = select(predicted, vec4f(f32(unit)), isLarger);
    largest = select(largest, activated, isLarger);`;
  const label = units === 1 ? "labels" : "select(vec4f(), vec4f(1.0), labels == vec4f(f32(unit)))";
  const isSmoothed = hasLabelSmoothing && loss.startsWith("binary");
  return {
    helpers: outputLossWgsl(loss, isFromLogits, options.hasClassBalancing),
    body: /* wgsl */ `
  ${units === 1 ? "" : "var largest = vec4f(-3.4e38);"}
  for (var unit = 0u; unit < ${units}u; unit++) {
    let output = ${outputs("unit")};
    let label = ${isSmoothed ? `kept * ${label} + floor` : label};
    loss += outputLoss(output, label) / ${units}.0;
    ${prediction}
    if (at.isTraining) {
      let slope = select(vec4f(), outputSlope(output, label) * (scale / ${units}.0), valid);
      ${options.storeGradient("unit", "slope")}
    }
  }`,
  };
}

/** `outputLoss` and `outputSlope` of one output against its target. */
function outputLossWgsl(loss: Loss, isFromLogits: boolean, hasClassBalancing: boolean): string {
  const functions = (value: string, slope: string, suffix = "") => /* wgsl */ `
fn outputLoss${suffix}(p: vec4f, label: vec4f) -> vec4f { return ${value}; }
fn outputSlope${suffix}(p: vec4f, label: vec4f) -> vec4f { return ${slope}; }
`;
  const crossentropy = (suffix = "") =>
    isFromLogits
      ? functions(
          "max(p, vec4f()) - p * label + log1pUnit(exp(-abs(p)))",
          // sigmoid(p) - label, without a difference of near equals for a confident right answer.
          "select(sigmoid(p) - label, (1.0 - label) - sigmoid(-p), p > vec4f())",
          suffix,
        )
      : CLIPPED_WGSL +
        functions(
          "-label * logarithm(clipped(p)) - (1.0 - label) * logarithm(1.0 - clipped(p))",
          "select((p - label) / (p * (1.0 - p)), vec4f(), isClipped(p))",
          suffix,
        );
  switch (loss) {
    case "binaryCrossentropy":
      return crossentropy();
    case "binaryFocalCrossentropy":
      // A cross-entropy times (1 - pt)^gamma, where 1 - pt is the probability of the wrong class;
      // of the output that is not clipped, as in Keras.
      return /* wgsl */ `${crossentropy("Plain")}${POWER_SLOPE_WGSL}
fn wrongProbability(p: vec4f, label: vec4f) -> vec4f {
  return ${isFromLogits ? "label * sigmoid(-p) + (1.0 - label) * sigmoid(p)" : "label * (1.0 - p) + (1.0 - label) * p"};
}
fn classBalance(label: vec4f) -> vec4f {
  ${
    hasClassBalancing
      ? `let alpha = networks[networkIndex].focalAlpha;
  return label * alpha + (1.0 - label) * (1.0 - alpha);`
      : "return vec4f(1.0);"
  }
}
fn outputLoss(p: vec4f, label: vec4f) -> vec4f {
  let factor = power(wrongProbability(p, label), networks[networkIndex].gamma);
  return classBalance(label) * factor * outputLossPlain(p, label);
}
fn outputSlope(p: vec4f, label: vec4f) -> vec4f {
  let gamma = networks[networkIndex].gamma;
  let wrong = wrongProbability(p, label);
  let dWrong = (1.0 - 2.0 * label)${isFromLogits ? " * sigmoid(p) * sigmoid(-p)" : ""};
  let ofFactor = powerSlope(wrong, gamma) * dWrong * outputLossPlain(p, label);
  return classBalance(label) * (power(wrong, gamma) * outputSlopePlain(p, label) + ofFactor);
}
`;
    case "meanSquaredError":
      return functions("(p - label) * (p - label)", "2.0 * (p - label)");
    case "meanAbsoluteError":
      return functions("abs(p - label)", "sign(p - label)");
    default: {
      // Hinge. Labels 0 and 1 become -1 and +1; at the hinge the slope is that of the left.
      const margin = "1.0 - hingeSign(label) * p";
      return `
fn hingeSign(label: vec4f) -> vec4f { return select(vec4f(-1.0), vec4f(1.0), label > vec4f()); }
${functions(
  `select(${margin}, vec4f(), ${margin} < vec4f())`,
  `select(-hingeSign(label), vec4f(), ${margin} < vec4f())`,
)}`;
    }
  }
}

/**
 * Losses over the probabilities of all classes: the sum of target times a term of the logarithm of
 * the class's probability. Plain cross-entropy from logits has a shorter way.
 */
function categorical(options: LossOptions): LossSource {
  const { loss, isFromLogits, hasLabelSmoothing } = options;
  const isFocal = loss === "categoricalFocalCrossentropy";
  const term = isFocal
    ? /* wgsl */ `${POWER_SLOPE_WGSL}
/** alpha (1 - p)^gamma * -log p */
fn term(logP: vec4f) -> vec4f {
  let wrong = -expm1NonPositive(min(logP, vec4f()));
  return -networks[networkIndex].focalAlpha * power(wrong, networks[networkIndex].gamma) * logP;
}
fn termSlope(logP: vec4f) -> vec4f {
  let gamma = networks[networkIndex].gamma;
  let wrong = -expm1NonPositive(min(logP, vec4f()));
  return networks[networkIndex].focalAlpha * (powerSlope(wrong, gamma) * exp(min(logP, vec4f())) * logP - power(wrong, gamma));
}
`
    : /* wgsl */ `
fn term(logP: vec4f) -> vec4f { return -logP; }
fn termSlope(logP: vec4f) -> vec4f { return vec4f(-1.0); }
`;
  if (!isFromLogits) return { helpers: CLIPPED_WGSL + term, body: ofShares(options) };
  return isFocal || hasLabelSmoothing
    ? { helpers: term, body: ofLogits(options) }
    : { helpers: "", body: crossentropyOfLogits(options) };
}

/** The target of class `unit`. */
function target({ hasLabelSmoothing }: LossOptions): string {
  const label = "select(vec4f(), vec4f(1.0), labels == vec4f(f32(unit)))";
  return hasLabelSmoothing ? `(kept * ${label} + floor)` : label;
}

function logSumWgsl({ units, outputs }: LossOptions): string {
  return /* wgsl */ `
  var largest = ${outputs("0u")};
  for (var unit = 1u; unit < ${units}u; unit++) { largest = max(largest, ${outputs("unit")}); }
  var sum = vec4f();
  for (var unit = 0u; unit < ${units}u; unit++) { sum += exp(${outputs("unit")} - largest); }`;
}

/** The first largest of what is activated: of logits their softmax, else what the loss reads. */
function predict({ passesActivation, units }: LossOptions, probability: string, output: string) {
  const value = passesActivation ? probability : output;
  return units === 1
    ? `predicted = select(vec4f(), vec4f(1.0), ${value} > vec4f(0.5));`
    : `predicted = select(predicted, vec4f(f32(unit)), ${value} > best);
    best = max(best, ${value});`;
}

function crossentropyOfLogits(options: LossOptions): string {
  const { units, outputs, storeGradient } = options;
  return /* wgsl */ `${logSumWgsl(options)}
  var labelled = vec4f();
  var best = vec4f(-3.4e38);
  for (var unit = 0u; unit < ${units}u; unit++) {
    let output = ${outputs("unit")};
    labelled = select(labelled, output, labels == vec4f(f32(unit)));
    let probability = exp(output - largest) / sum;
    ${predict(options, "probability", "output")}
    if (at.isTraining) {
      let slope = (probability - ${target(options)}) * scale;
      ${storeGradient("unit", "slope")}
    }
  }
  loss = (largest - labelled) + logarithm(sum);`;
}

/** The largest logit is taken out of every sum. */
function ofLogits(options: LossOptions): string {
  const { units, outputs, storeGradient } = options;
  return /* wgsl */ `${logSumWgsl(options)}
  let logSum = largest + logarithm(sum);
  var slopes = vec4f();
  var best = vec4f(-3.4e38);
  for (var unit = 0u; unit < ${units}u; unit++) {
    let output = ${outputs("unit")};
    let logP = output - logSum;
    loss += ${target(options)} * term(logP);
    slopes += ${target(options)} * termSlope(logP);
    ${predict(options, "exp(logP)", "output")}
  }
  if (at.isTraining) {
    for (var unit = 0u; unit < ${units}u; unit++) {
      let output = ${outputs("unit")};
      let logP = output - logSum;
      let slope = select(vec4f(), (${target(options)} * termSlope(logP) - slopes * exp(logP)) * scale, valid);
      ${storeGradient("unit", "slope")}
    }
  }`;
}

/** Probabilities are the outputs' shares of their sum, clipped; outside the slope is zero. */
function ofShares(options: LossOptions): string {
  const { units, outputs, storeGradient } = options;
  const share = (end: string) => /* wgsl */ `
      let output = ${outputs("unit")};
      let share = output / sum;
      let logP = logarithm(clipped(share));
      let dShare = select(${target(options)} * termSlope(logP) / share, vec4f(), isClipped(share));
      ${end}`;
  return /* wgsl */ `
  var sum = vec4f();
  for (var unit = 0u; unit < ${units}u; unit++) { sum += ${outputs("unit")}; }
  var along = vec4f();
  var best = vec4f(-3.4e38);
  for (var unit = 0u; unit < ${units}u; unit++) {${share(`loss += ${target(options)} * term(logP);
      along += dShare * share;
      ${predict({ ...options, passesActivation: false }, "", "output")}`)}
  }
  if (at.isTraining) {
    for (var unit = 0u; unit < ${units}u; unit++) {${share(`let slope = select(vec4f(), (dShare - along) / sum * scale, valid);
      ${storeGradient("unit", "slope")}`)}
    }
  }`;
}
