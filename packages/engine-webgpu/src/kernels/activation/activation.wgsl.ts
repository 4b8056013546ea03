// Elementwise activations of four samples at once, and their slopes. Softmax and prelu are no tables
// of numbers to numbers; they stand in train-population/operations. Formulas:
// docs/training-semantics.md.

import type { Activation } from "@convergence-lab/core";

/** Elementwise activations without parameters of their own. */
export type ElementwiseActivation = Exclude<Activation, "softmax" | "prelu">;

interface ActivationSource {
  /** WGSL for the activation of the pre-activation `z`; both may read `alpha`. */
  readonly value: string;
  /** WGSL for the slope at `z`, whose activation is `a`. */
  readonly slope: string;
  /**
   * Whether `slope` reads `a` alone. Then backward computes it from the stored activation; else
   * forward stores the slope.
   */
  readonly slopeReadsActivation: boolean;
  /** Whether the activation of 0 is 0, so that padding units need no mask. */
  readonly keepsZero: boolean;
}

// Klambauer et al., "Self-normalizing neural networks", 2017; float32 keeps 1.050701 and 1.6732632.
const SELU_SCALE = "1.0507009873554805";
const SELU_SCALE_ALPHA = "1.7580993408473766";

// At a kink the slope is that of the left side. Comparisons are turned so that NaN passes through.
export const ACTIVATION_SOURCES: Record<ElementwiseActivation, ActivationSource> = {
  linear: { value: "z", slope: "vec4f(1.0)", slopeReadsActivation: true, keepsZero: true },
  relu: {
    value: "select(z, vec4f(), z <= vec4f())",
    slope: "select(vec4f(), vec4f(1.0), a > vec4f())",
    slopeReadsActivation: true,
    keepsZero: true,
  },
  leakyReLU: {
    value: "select(z, alpha * z, z < vec4f())",
    slope: "select(vec4f(alpha), vec4f(1.0), z > vec4f())",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  elu: {
    value: "select(z, alpha * expm1NonPositive(min(z, vec4f())), z < vec4f())",
    slope: "select(alpha * exp(min(z, vec4f())), vec4f(1.0), z > vec4f())",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  selu: {
    value: `select(${SELU_SCALE} * z, ${SELU_SCALE_ALPHA} * expm1NonPositive(min(z, vec4f())), z < vec4f())`,
    slope: `select(${SELU_SCALE_ALPHA} * exp(min(z, vec4f())), vec4f(${SELU_SCALE}), z > vec4f())`,
    slopeReadsActivation: false,
    keepsZero: true,
  },
  gelu: {
    value: "z * normalDistribution(z)",
    slope: "normalDistribution(z) + z * normalDensity(z)",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  geluTanh: {
    value: "z * sigmoid(geluInner(z))",
    // With s the sigmoid of twice the tanh's argument: s + z s (1 - s) times that argument's slope.
    slope:
      "sigmoid(geluInner(z)) * (1.0 + z * sigmoid(-geluInner(z)) * (1.5957691216 + 0.2140644498 * z * z))",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  sigmoid: {
    value: "sigmoid(z)",
    slope: "a * (1.0 - a)",
    slopeReadsActivation: true,
    keepsZero: false,
  },
  hardSigmoid: {
    value: "select(clamp(z / 6.0 + 0.5, vec4f(), vec4f(1.0)), z, isNotFinite(z))",
    slope: "select(vec4f(), vec4f(1.0 / 6.0), (z > vec4f(-3.0)) & (z <= vec4f(3.0)))",
    slopeReadsActivation: false,
    keepsZero: false,
  },
  tanh: {
    value: "hyperbolicTangent(z)",
    slope: "1.0 - a * a",
    slopeReadsActivation: true,
    keepsZero: true,
  },
  softplus: {
    value: "softplus(z)",
    slope: "sigmoid(z)",
    slopeReadsActivation: false,
    keepsZero: false,
  },
  softsign: {
    value: "z / (1.0 + abs(z))",
    slope: "1.0 / ((1.0 + abs(z)) * (1.0 + abs(z)))",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  swish: {
    value: "z * sigmoid(z)",
    slope: "sigmoid(z) * (1.0 + z * sigmoid(-z))",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  mish: {
    value: "z * hyperbolicTangent(softplus(z))",
    slope:
      "hyperbolicTangent(softplus(z)) + z * sigmoid(z) * (1.0 - hyperbolicTangent(softplus(z)) * hyperbolicTangent(softplus(z)))",
    slopeReadsActivation: false,
    keepsZero: true,
  },
  exponential: {
    value: "exp(z)",
    slope: "a",
    slopeReadsActivation: true,
    keepsZero: false,
  },
};

/** The source of an elementwise activation. */
export function activationSource(activation: Activation): ActivationSource {
  return ACTIVATION_SOURCES[activation as ElementwiseActivation];
}

export function isElementwise(activation: Activation): activation is ElementwiseActivation {
  return activation in ACTIVATION_SOURCES;
}

/** A call of one of the functions of `activationsWgsl`; `alpha` is passed where it is read. */
export function activationCall(
  kind: "activate" | "slope",
  activation: Activation,
  of: string,
  alpha: string,
): string {
  return `${kind}_${activation}(${of}${readsAlpha(activation) ? `, ${alpha}` : ""})`;
}

function readsAlpha(activation: Activation): boolean {
  return /\balpha\b/.test(activationSource(activation).value);
}

/** Functions `activate_<name>(z)` and `slope_<name>(z or a)` of each activation given. */
export function activationsWgsl(activations: Iterable<ElementwiseActivation>): string {
  return [...new Set(activations)]
    .map((name) => {
      const { value, slope, slopeReadsActivation } = ACTIVATION_SOURCES[name];
      const alpha = readsAlpha(name) ? ", alpha: f32" : "";
      return /* wgsl */ `
fn activate_${name}(z: vec4f${alpha}) -> vec4f { return ${value}; }
fn slope_${name}(${slopeReadsActivation ? "a" : "z"}: vec4f${alpha}) -> vec4f { return ${slope}; }
`;
    })
    .join("");
}
