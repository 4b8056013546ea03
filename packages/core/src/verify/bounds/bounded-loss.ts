// The losses of engine/reference/loss.ts in bounded numbers: the loss of each sample, and its
// derivative by what the loss is computed from.

import type { LossSettings } from "../../engine/reference/loss.ts";
import {
  type Arithmetic,
  absolute,
  type Bounded,
  branch,
  clamp,
  negate,
  ONE,
  sign,
  ZERO,
} from "./arithmetic.ts";
import { logSoftmax } from "./bounded-activation.ts";

export interface BoundedLoss {
  readonly loss: Bounded;
  /** One per output. */
  readonly slopes: readonly Bounded[];
}

/** The loss of one sample with these outputs and this label. */
export type SampleLoss = (outputs: readonly Bounded[], label: number) => BoundedLoss;

/** @param isLogit The loss reads its outputs as logits: `fromLogits`, or it passes the head by. */
export function boundedLoss(m: Arithmetic, settings: LossSettings, isLogit: boolean): SampleLoss {
  const { loss, gamma = 2, focalAlpha = 0.25, labelSmoothing = 0 } = settings;
  switch (loss) {
    case "binaryCrossentropy":
    case "binaryFocalCrossentropy": {
      const crossentropy = isLogit ? sigmoidCrossentropy(m) : binaryCrossentropy(m);
      if (loss === "binaryCrossentropy") return meanOverOutputs(m, crossentropy, labelSmoothing);
      const alpha = settings.applyClassBalancing ? focalAlpha : null;
      return meanOverOutputs(m, focal(m, crossentropy, isLogit, gamma, alpha), labelSmoothing);
    }
    case "categoricalCrossentropy":
    case "sparseCategoricalCrossentropy":
    case "categoricalFocalCrossentropy": {
      const term =
        loss === "categoricalFocalCrossentropy"
          ? focalTerm(m, gamma, focalAlpha)
          : crossentropyTerm;
      return isLogit ? ofLogits(m, term, labelSmoothing) : ofShares(m, term, labelSmoothing);
    }
    case "meanSquaredError":
      return meanOverOutputs(m, squaredError(m), 0);
    case "meanAbsoluteError":
      return meanOverOutputs(m, absoluteError(m), 0);
    case "hinge":
      return meanOverOutputs(m, hinge(m), 0);
  }
}

/** Keras's clip: [1e-7, 1 - 1e-7], of which float32 stores neither. */
const KERAS_EPSILON = 1e-7;

interface OutputLoss {
  readonly value: (output: Bounded, target: number) => Bounded;
  readonly slope: (output: Bounded, target: number) => Bounded;
}

function meanOverOutputs(
  m: Arithmetic,
  { value, slope }: OutputLoss,
  smoothing: number,
): SampleLoss {
  return (outputs, label) => {
    const units = m.stored(outputs.length);
    const hot = (j: number) => (outputs.length === 1 ? label : label === j ? 1 : 0);
    const target = (j: number) => (1 - smoothing) * hot(j) + smoothing / 2;
    return {
      loss: m.divide(m.sum(outputs.map((output, j) => value(output, target(j)))), units),
      slopes: outputs.map((output, j) => m.divide(slope(output, target(j)), units)),
    };
  };
}

/** A constant that a machine makes of smoothing and a label: two roundings. 0 and 1 are exact. */
function target(m: Arithmetic, value: number): Bounded {
  return value === 0 || value === 1 ? { value, error: 0 } : m.rounded(value, 0, 2);
}

function sigmoidCrossentropy(m: Arithmetic): OutputLoss {
  return {
    // max(z, 0) - z t + log1p(exp(-|z|)): what z is off counts by the slope, s(z) - t.
    value: (z, t) => {
      const steepest = Math.max(
        ...[-1, 1].map((side) => Math.abs(1 / (1 + Math.exp(-z.value - side * z.error)) - t)),
      );
      const size = Math.abs(z.value);
      const value = Math.max(z.value, 0) - z.value * t + Math.log1p(Math.exp(-size));
      const logarithm = m.log1p(m.exp({ value: -size, error: 0 })).error;
      const product = t === 0 || t === 1 ? 0 : 3 * m.ulp * size;
      return m.rounded(value, steepest * z.error + logarithm + product);
    },
    // Without a difference of near equals where the answer is confident and right.
    slope: (z, t) =>
      branch(
        z,
        () => m.subtract(m.subtract(ONE, target(m, t)), m.sigmoid(negate(z))),
        () => m.subtract(m.sigmoid(z), target(m, t)),
      ),
  };
}

/** Of a probability, clipped to [low, high]; outside the slope is zero. */
function binaryCrossentropy(m: Arithmetic): OutputLoss {
  const [low, high] = [m.stored(KERAS_EPSILON), m.stored(1 - KERAS_EPSILON)];
  return {
    value: (output, t) => {
      const p = clamp(output, low, high);
      const on = m.multiply(target(m, t), m.log(p));
      const off = m.multiply(target(m, 1 - t), m.log(m.subtract(ONE, p)));
      return negate(m.add(on, off));
    },
    slope: (output, t) =>
      insideClip(m, output, low, high, () =>
        m.divide(m.subtract(output, target(m, t)), m.multiply(output, m.subtract(ONE, output))),
      ),
  };
}

/** Zero outside [low, high]; either where it cannot be told. */
function insideClip(
  m: Arithmetic,
  p: Bounded,
  low: Bounded,
  high: Bounded,
  inside: () => Bounded,
): Bounded {
  const upper = () => branch(m.subtract(p, high), () => ZERO, inside);
  return branch(m.subtract(low, p), () => ZERO, upper);
}

function focal(
  m: Arithmetic,
  crossentropy: OutputLoss,
  isLogit: boolean,
  gamma: number,
  alpha: number | null,
): OutputLoss {
  const on = (o: Bounded) => (isLogit ? m.sigmoid(o) : o);
  const off = (o: Bounded) => (isLogit ? m.sigmoid(negate(o)) : m.subtract(ONE, o));
  const wrong = (o: Bounded, t: number) =>
    m.add(m.multiply(target(m, t), off(o)), m.multiply(target(m, 1 - t), on(o)));
  const weight = (t: number) =>
    alpha === null ? ONE : m.rounded(t * alpha + (1 - t) * (1 - alpha), 0, 4);
  return {
    value: (o, t) =>
      m.multiply(weight(t), m.multiply(m.power(wrong(o, t), gamma), crossentropy.value(o, t))),
    slope: (o, t) => {
      const w = wrong(o, t);
      const slope = isLogit ? m.multiply(on(o), off(o)) : ONE;
      const dWrong = m.multiply(target(m, 1 - 2 * t), slope);
      const ofFactor = m.multiply(
        m.multiply(powerSlope(m, w, gamma), dWrong),
        crossentropy.value(o, t),
      );
      const ofLoss = m.multiply(m.power(w, gamma), crossentropy.slope(o, t));
      return m.multiply(weight(t), m.add(ofLoss, ofFactor));
    },
  };
}

/** The derivative of x^gamma; none at 0, as in engine/reference/output-losses.ts. */
function powerSlope(m: Arithmetic, x: Bounded, gamma: number): Bounded {
  if (x.value === 0) return gamma === 1 ? ONE : ZERO;
  return m.multiply(m.stored(gamma), m.power(x, gamma - 1));
}

function squaredError(m: Arithmetic): OutputLoss {
  const difference = (output: Bounded, t: number) => m.subtract(output, m.stored(t));
  return {
    value: (output, t) => m.multiply(difference(output, t), difference(output, t)),
    slope: (output, t) => m.multiply({ value: 2, error: 0 }, difference(output, t)),
  };
}

function absoluteError(m: Arithmetic): OutputLoss {
  return {
    value: (output, t) => absolute(m.subtract(output, m.stored(t))),
    slope: (output, t) => sign(m.subtract(output, m.stored(t))),
  };
}

/** At the hinge the slope is that of the left. */
function hinge(m: Arithmetic): OutputLoss {
  const side = (t: number): Bounded => ({ value: t > 0 ? 1 : -1, error: 0 });
  const margin = (output: Bounded, t: number) => m.subtract(ONE, m.multiply(side(t), output));
  return {
    value: (output, t) =>
      branch(
        margin(output, t),
        () => margin(output, t),
        () => ZERO,
      ),
    slope: (output, t) =>
      branch(
        negate(margin(output, t)),
        () => ZERO,
        () => negate(side(t)),
      ),
  };
}

/** The term of a class by the logarithm of its probability, and its derivative by that logarithm. */
interface CategoricalTerm {
  readonly value: (logP: Bounded) => Bounded;
  readonly slope: (logP: Bounded) => Bounded;
}

const crossentropyTerm: CategoricalTerm = { value: negate, slope: () => negate(ONE) };

/** alpha (1 - p)^gamma * -log p */
function focalTerm(m: Arithmetic, gamma: number, alpha: number): CategoricalTerm {
  const wrong = (logP: Bounded) => negate(m.expm1(logP));
  return {
    value: (logP) =>
      m.multiply(m.stored(alpha), m.multiply(m.power(wrong(logP), gamma), negate(logP))),
    slope: (logP) => {
      const w = wrong(logP);
      const ofFactor = m.multiply(powerSlope(m, w, gamma), m.multiply(m.exp(logP), logP));
      return m.multiply(m.stored(alpha), m.subtract(ofFactor, m.power(w, gamma)));
    },
  };
}

function targets(m: Arithmetic, units: number, label: number, smoothing: number): Bounded[] {
  const off = smoothing / units;
  return Array.from({ length: units }, (_, j) =>
    target(m, j === label ? 1 - smoothing + off : off),
  );
}

function ofLogits(m: Arithmetic, { value, slope }: CategoricalTerm, smoothing: number): SampleLoss {
  return (outputs, label) => {
    const logP = logSoftmax(m, outputs);
    const target = targets(m, outputs.length, label, smoothing);
    const dLogP = logP.map((l, j) => m.multiply(target[j], slope(l)));
    const along = m.sum(dLogP);
    return {
      loss: m.sum(logP.map((l, j) => m.multiply(target[j], value(l)))),
      slopes: logP.map((l, j) => m.subtract(dLogP[j], m.multiply(along, m.exp(l)))),
    };
  };
}

function ofShares(m: Arithmetic, { value, slope }: CategoricalTerm, smoothing: number): SampleLoss {
  const [low, high] = [m.stored(KERAS_EPSILON), m.stored(1 - KERAS_EPSILON)];
  return (outputs, label) => {
    const sum = m.sum(outputs);
    const target = targets(m, outputs.length, label, smoothing);
    const shares = outputs.map((output) => m.divide(output, sum));
    const logP = shares.map((share) => m.log(clamp(share, low, high)));
    const dShares = shares.map((share, j) =>
      insideClip(m, share, low, high, () => m.divide(m.multiply(target[j], slope(logP[j])), share)),
    );
    const along = m.sum(dShares.map((dShare, j) => m.multiply(dShare, shares[j])));
    return {
      loss: m.sum(logP.map((l, j) => m.multiply(target[j], value(l)))),
      slopes: dShares.map((dShare) => m.divide(m.subtract(dShare, along), sum)),
    };
  };
}
