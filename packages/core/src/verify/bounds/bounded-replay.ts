// A replay in bounded numbers: every training step with what a machine of a given precision may get
// for each of its numbers. It follows engine/reference step for step; its values are the reference's
// in float64, its errors are what docs/numerics.md derives.
//
// What is seen of the machine is not bounded again: the logits, gradients and parameters that it
// shows are off by what they are seen to be off, and only what it does with them is bounded. So a
// bound is that of a part of one step, and does not grow with the number of steps.

import type { Layer, Operation, OperationHyper } from "../../compile/plan.ts";
import type { Replay, ReplayStep } from "../../engine/engine.ts";
import { lastActivation } from "../../engine/reference/block.ts";
import { lossHead } from "../../engine/reference/loss.ts";
import { DEFAULT_ALPHA } from "../../spec/words.ts";
import {
  Arithmetic,
  absolute,
  type Bounded,
  clamp,
  negate,
  type Precision,
  sign,
} from "./arithmetic.ts";
import { boundedLoss } from "./bounded-loss.ts";
import { boundedOptimizer } from "./bounded-optimizer.ts";
import {
  activationStage,
  type BoundedParameter,
  type BoundedSite,
  type BoundedStage,
  boundedStage,
} from "./bounded-stage.ts";
import {
  at,
  type BoundedTensor,
  boundedTensor,
  copyOf,
  every,
  multiply,
  put,
  putEvery,
  view,
} from "./bounded-tensor.ts";

export interface BoundedStep {
  readonly dataLoss: Bounded;
  readonly regularizationLoss: Bounded;
  readonly logits: BoundedTensor;
  readonly gradients: BoundedTensor;
  readonly parametersAfter: BoundedTensor;
}

/** @param seen What the machine computed; steps that are missing are bounded from the last one on. */
export function boundedReplay(
  replay: Replay,
  precision: Precision,
  seen: readonly ReplayStep[],
): BoundedStep[] {
  const m = new Arithmetic(precision);
  const { network, hyper } = replay;
  const { layout } = network;
  const parameters = storedTensor(m, replay.parameters);
  const gradients = boundedTensor(layout.size);
  const net = bindNetwork(m, replay, parameters, gradients);
  const update = boundedOptimizer(m, network.optimizer, hyper, layout.trainable);
  const loss = lossOf(m, replay);
  return Array.from({ length: replay.steps }, (_, step) => {
    for (const stage of net.before) stage.forward(step);
    const last = net.blocks[net.blocks.length - 1];
    for (const block of net.blocks.slice(0, -1)) block.forward(step);
    last.forwardDense();
    const logits = copyOf(last.preActivations);
    observe(last.preActivations, seen[step]?.logits);
    last.forwardStages(step);
    const dataLoss = loss(net);
    const regularizationLoss = m.sum(net.blocks.flatMap((block) => block.penalties()));
    for (let l = net.blocks.length - 1; l >= 0; l--) net.blocks[l].backward();
    for (const stage of net.before.toReversed()) stage.backward(net.inputGradient);
    const computed = {
      dataLoss,
      regularizationLoss,
      logits,
      gradients: copyOf(gradients),
    };
    observe(gradients, seen[step]?.gradients);
    clipGradients(m, replay, gradients);
    const { learningRate, learningRates = [learningRate], weightDecay } = hyper;
    const rate = learningRates[Math.min(step, learningRates.length - 1)];
    const decay = m.rounded(rate * weightDecay, 0);
    for (let i = 0; i < layout.trainable; i++) {
      const w = at(parameters, i);
      const kept = m.subtract(w, m.multiply(decay, w));
      put(parameters, i, m.add(kept, update(i, at(gradients, i), rate, step + 1)));
    }
    for (const stage of [...net.before, ...net.blocks.flatMap(({ after }) => after)]) {
      stage.commit?.();
    }
    const parametersAfter = copyOf(parameters);
    observe(parameters, seen[step]?.parametersAfter);
    return { ...computed, parametersAfter };
  });
}

/** Replaces errors by those that are seen; a NaN, and what is not shown, stays bounded. */
function observe({ values, errors }: BoundedTensor, seen: ArrayLike<number> | undefined): void {
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs((seen?.[i] ?? Number.NaN) - values[i]);
    if (!Number.isNaN(error)) errors[i] = error;
  }
}

function storedTensor(m: Arithmetic, numbers: ArrayLike<number>): BoundedTensor {
  const tensor = boundedTensor(numbers.length);
  for (let i = 0; i < numbers.length; i++) put(tensor, i, m.stored(numbers[i]));
  return tensor;
}

interface BoundNetwork {
  readonly before: readonly BoundedStage[];
  readonly blocks: readonly BoundedBlock[];
  readonly inputGradient: BoundedTensor;
}

const NO_NUMBERS: OperationHyper = { rate: 0, stddev: 0, momentum: 0, epsilon: 0, alpha: 0 };
const NO_PENALTIES = { biasL1: 0, biasL2: 0, activityL1: 0, activityL2: 0 };

function bindNetwork(
  m: Arithmetic,
  { network, hyper, batch, x, trainingSeed = 0 }: Replay,
  parameters: BoundedTensor,
  gradients: BoundedTensor,
): BoundNetwork {
  const find = (layer: number, kind: string, operation?: number): BoundedParameter | null => {
    const place = network.layout.tensors.find(
      (t) => t.layer === layer && t.kind === kind && t.operation === operation,
    );
    if (place === undefined) return null;
    const part = (t: BoundedTensor) => view(t, place.offset, place.size);
    return { values: part(parameters), gradient: part(gradients) };
  };
  const blocks: BoundedBlock[] = [];
  let position = 0;
  const bind = (
    operations: readonly Operation[],
    layer: number,
    units: number,
    start: BoundedTensor,
  ) => {
    const stages: BoundedStage[] = [];
    for (const operation of operations) {
      const place = position++;
      const site: BoundedSite = {
        m,
        input: stages.at(-1)?.output ?? start,
        batch,
        units,
        trainingSeed,
        position: place,
        numbers: hyper.operations?.[place] ?? NO_NUMBERS,
        parameter: (kind) => find(layer, kind, place),
      };
      const stage = boundedStage(operation, site, (index) => blocks[index]);
      if (stage !== null) stages.push(stage);
    }
    return stages;
  };
  const inputs = storedTensor(m, x);
  const before = bind(network.before ?? [], 0, network.inputs, inputs);
  const inputGradient = boundedTensor(batch * network.inputs);
  network.layers.forEach((shape, l) => {
    const previous = blocks.at(-1);
    const preActivations = boundedTensor(batch * shape.units);
    const alpha = hyper.alpha?.[l] ?? DEFAULT_ALPHA[shape.activation] ?? 0;
    const activation = activationStage(shape.activation, {
      m,
      input: preActivations,
      batch,
      units: shape.units,
      trainingSeed,
      position: -1,
      numbers: { ...NO_NUMBERS, alpha },
      parameter: (kind) => find(l, kind),
    });
    blocks.push(
      new BoundedBlock(m, batch, {
        shape,
        input: previous?.output ?? before.at(-1)?.output ?? inputs,
        dInput: previous?.gradient ?? inputGradient,
        kernel: find(l, "kernel")!,
        bias: find(l, "bias"),
        preActivations,
        activation,
        after: bind(shape.after ?? [], l, shape.units, activation?.output ?? preActivations),
        penalties: { ...NO_PENALTIES, ...hyper.penalties?.[l], l1: hyper.l1[l], l2: hyper.l2[l] },
      }),
    );
  });
  return { before, blocks, inputGradient };
}

interface BlockParts {
  readonly shape: Layer;
  readonly input: BoundedTensor;
  /** The gradient of the block before, or of the inputs. */
  readonly dInput: BoundedTensor;
  readonly kernel: BoundedParameter;
  readonly bias: BoundedParameter | null;
  readonly preActivations: BoundedTensor;
  readonly activation: BoundedStage | null;
  readonly after: readonly BoundedStage[];
  readonly penalties: typeof NO_PENALTIES & { readonly l1: number; readonly l2: number };
}

/** engine/reference/block.ts */
class BoundedBlock {
  readonly gradient: BoundedTensor;
  readonly addedGradient: BoundedTensor;
  /** The loss has been differentiated by the input of the last stage. */
  passesLast = false;
  readonly #m: Arithmetic;
  readonly #batch: number;
  readonly #parts: BlockParts;

  constructor(m: Arithmetic, batch: number, parts: BlockParts) {
    this.#m = m;
    this.#batch = batch;
    this.#parts = parts;
    this.gradient = boundedTensor(batch * parts.shape.units);
    this.addedGradient = boundedTensor(batch * parts.shape.units);
  }

  get after(): readonly BoundedStage[] {
    return this.#parts.after;
  }

  get preActivations(): BoundedTensor {
    return this.#parts.preActivations;
  }

  get output(): BoundedTensor {
    const { after, activation, preActivations } = this.#parts;
    return (after.at(-1) ?? activation)?.output ?? preActivations;
  }

  /** What the last stage reads. */
  get lastInput(): BoundedTensor {
    const { after, activation, preActivations } = this.#parts;
    if (after.length === 0) return preActivations;
    return after.at(-2)?.output ?? activation?.output ?? preActivations;
  }

  forward(step: number): void {
    this.forwardDense();
    this.forwardStages(step);
  }

  forwardDense(): void {
    const { shape, input, kernel, bias, preActivations } = this.#parts;
    const { inputs, units } = shape;
    const start = bias === null ? null : bias.values;
    multiply(
      this.#m,
      preActivations,
      this.#batch,
      units,
      inputs,
      start,
      input,
      inputs,
      1,
      kernel.values,
      1,
      units,
    );
  }

  forwardStages(step: number): void {
    const { activation, after } = this.#parts;
    activation?.forward(step);
    for (const stage of after) stage.forward(step);
  }

  /** The terms of the loss's penalty. */
  penalties(): Bounded[] {
    const { kernel, bias, penalties, activation, preActivations } = this.#parts;
    const m = this.#m;
    const { l1, l2, biasL1, biasL2, activityL1, activityL2 } = penalties;
    const activity = penaltyTerms(m, activation?.output ?? preActivations, activityL1, activityL2);
    return [
      ...penaltyTerms(m, kernel.values, l1, l2),
      ...(bias === null ? [] : penaltyTerms(m, bias.values, biasL1, biasL2)),
      ...activity.map((term) => m.divide(term, m.stored(this.#batch))),
    ];
  }

  backward(): void {
    const { shape, input, dInput, kernel, bias, activation, after, penalties } = this.#parts;
    const { inputs, units } = shape;
    const { gradient, passesLast } = this;
    const m = this.#m;
    const batch = this.#batch;
    addTo(m, gradient, this.addedGradient);
    this.addedGradient.values.fill(0);
    this.addedGradient.errors.fill(0);
    for (let s = after.length - (passesLast ? 2 : 1); s >= 0; s--) after[s].backward(gradient);
    const activated = activation?.output ?? this.preActivations;
    const activity = boundedTensor(gradient.values.length);
    const { l1, l2, biasL1, biasL2, activityL1, activityL2 } = penalties;
    addPenaltyGradient(m, activated, activityL1 / batch, activityL2 / batch, activity);
    if (passesLast && after.length === 0) {
      activation?.backward(activity);
      addTo(m, gradient, activity);
    } else {
      addTo(m, gradient, activity);
      activation?.backward(gradient);
    }
    multiply(m, kernel.gradient, inputs, units, batch, null, input, 1, inputs, gradient, 1, units);
    addPenaltyGradient(m, kernel.values, l1, l2, kernel.gradient);
    if (bias !== null) {
      for (let j = 0; j < units; j++) {
        put(bias.gradient, j, m.sum(every(gradient, j, units, batch)));
      }
      addPenaltyGradient(m, bias.values, biasL1, biasL2, bias.gradient);
    }
    multiply(m, dInput, batch, inputs, units, null, gradient, units, 1, kernel.values, units, 1);
  }
}

function addTo(m: Arithmetic, sum: BoundedTensor, terms: BoundedTensor): void {
  for (let i = 0; i < sum.values.length; i++) put(sum, i, m.add(at(sum, i), at(terms, i)));
}

/** l1 |w| and l2 w^2 of every number. */
function penaltyTerms(m: Arithmetic, t: BoundedTensor, l1: number, l2: number): Bounded[] {
  if (l1 === 0 && l2 === 0) return [];
  return every(t, 0, 1, t.values.length).flatMap((w) => [
    m.multiply(m.stored(l1), absolute(w)),
    m.multiply(m.stored(l2), m.multiply(w, w)),
  ]);
}

function addPenaltyGradient(
  m: Arithmetic,
  t: BoundedTensor,
  l1: number,
  l2: number,
  gradient: BoundedTensor,
): void {
  if (l1 === 0 && l2 === 0) return;
  for (let i = 0; i < t.values.length; i++) {
    const w = at(t, i);
    const ofSize = m.multiply(m.stored(l1), sign(w));
    const slope = m.add(ofSize, m.multiply(m.stored(2 * l2), w));
    put(gradient, i, m.add(at(gradient, i), slope));
  }
}

/** The mean loss of the batch; its derivative goes to the last block's gradient. */
function lossOf(m: Arithmetic, { network, hyper, batch, y, sampleWeight }: Replay) {
  const activation = lastActivation(network.layers[network.layers.length - 1]);
  const settings = { ...network, ...hyper };
  const units = network.layers[network.layers.length - 1].units;
  const { passesActivation } = lossHead(settings, activation, units, "float64");
  const ofSample = boundedLoss(m, settings, passesActivation || network.fromLogits === true);
  const rows = m.stored(batch);
  return ({ blocks }: BoundNetwork): Bounded => {
    const last = blocks[blocks.length - 1];
    last.passesLast = passesActivation;
    const outputs = passesActivation ? last.lastInput : last.output;
    const losses = Array.from({ length: batch }, (_, b) => {
      const { loss, slopes } = ofSample(every(outputs, b * units, 1, units), y[b]);
      const ofClass = m.stored(hyper.classWeight?.[y[b]] ?? 1);
      const weight = m.multiply(ofClass, m.stored(sampleWeight?.[b] ?? 1));
      const gradients = slopes.map((slope) => m.divide(m.multiply(weight, slope), rows));
      putEvery(last.gradient, b * units, 1, gradients);
      return m.multiply(weight, loss);
    });
    return m.divide(m.sum(losses), rows);
  };
}

/** engine/reference/clip-gradients.ts */
function clipGradients(m: Arithmetic, { network, hyper }: Replay, gradients: BoundedTensor): void {
  const { clipNorm = 0, globalClipNorm = 0, clipValue = 0 } = hyper;
  const { layout } = network;
  if (clipNorm > 0) {
    for (const { offset, size } of layout.tensors.filter((place) => place.trainable)) {
      scaleToNorm(m, view(gradients, offset, size), clipNorm);
    }
  } else if (globalClipNorm > 0) {
    scaleToNorm(m, view(gradients, 0, layout.trainable), globalClipNorm);
  } else if (clipValue > 0) {
    const limit = m.stored(clipValue);
    for (let i = 0; i < layout.trainable; i++) {
      put(gradients, i, clamp(at(gradients, i), negate(limit), limit));
    }
  }
}

function scaleToNorm(m: Arithmetic, t: BoundedTensor, longest: number): void {
  const numbers = every(t, 0, 1, t.values.length);
  const norm = m.squareRoot(m.sum(numbers.map((g) => m.multiply(g, g))));
  if (norm.value + norm.error <= longest) return;
  const value = Math.max(norm.value, longest);
  const scale = m.divide(m.stored(longest), { value, error: norm.error });
  putEvery(
    t,
    0,
    1,
    numbers.map((g) => m.multiply(g, scale)),
  );
}
