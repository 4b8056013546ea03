// The networks that are trained as one: their parameters and optimizer state on the device, and the
// parts of a training step. Batches and epochs belong to the callers.

import type { Activation, Hyper, Network, ParameterTensor } from "@convergence-lab/core";
import {
  abs,
  add,
  concat,
  dispose,
  div,
  keep,
  mul,
  reshape,
  sign,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import type { Batch } from "./batches.ts";
import { type Clip, gradientClipping } from "./clip-gradients.ts";
import { requireCovered } from "./coverage.ts";
import { withNonFiniteOf } from "./layers/batched-mat-mul.ts";
import type { Forward, Pass } from "./layers/layer.ts";
import { type BatchLoss, countCorrect, type LossHead, lossHead } from "./loss.ts";
import { type AddLink, type LayerLink, type NetworkChain, networkChain } from "./network-chain.ts";
import { createOptimizer, type Optimizer } from "./optimizer.ts";
import { perNetwork } from "./per-network.ts";

/** One network of a population. */
export interface PopulationMember {
  readonly hyper: Hyper;
  readonly trainingSeed: number;
}

/** What one batch gave, each (models), and what backward needs. */
export interface Evaluation {
  readonly dataLoss: Tensor;
  readonly regularizationLoss: Tensor;
  /** What Keras reports as the batch's loss. */
  readonly loss: Tensor;
  readonly correct: Tensor;
  /** (models, batch, units): pre-activations of the last dense layer. */
  readonly logits: Tensor;
  /** (models, moving): what the moving statistics are after this step; null without any. */
  readonly moved: Tensor | null;
  /** (models, batch, units): what the networks answer. */
  readonly outputs: Tensor;
  /** Gradients of the loss, penalties included: (models, trainable). */
  gradients(see?: SeeGradient): Tensor;
  /** The first activation of each block with its input and output, (models, batch, ...) each. */
  blocks(): readonly BlockValues[];
}

/** Is shown each parameter's gradient before penalties are added. */
export type SeeGradient = (place: ParameterTensor, gradient: Tensor) => void;

export interface BlockValues {
  readonly activation: Activation;
  readonly alphas: readonly number[];
  readonly z: Tensor;
  readonly a: Tensor;
}

export class Population {
  readonly models: number;
  /** Optimizer steps taken. */
  steps = 0;
  /** What the plan's learning rate is multiplied by, for each network. */
  readonly rateFactors: number[];

  readonly #network: Network;
  readonly #hypers: readonly Hyper[];
  readonly #seeds: readonly number[];
  readonly #chain: NetworkChain;
  readonly #head: LossHead;
  readonly #clip: Clip;
  readonly #optimizer: Optimizer;
  /** (models, trainable) and (models, moving), if any: flat in the order of `network.layout`. */
  #trainable: Tensor;
  #moving: Tensor | null;
  #state: readonly Tensor[];

  /** `parameters` holds one row of `network.layout.size` numbers per network. */
  constructor(network: Network, members: readonly PopulationMember[], parameters: Float32Array) {
    const hypers = members.map(({ hyper }) => hyper);
    for (const hyper of hypers) requireCovered(network, hyper);
    const { size, trainable, tensors } = network.layout;
    this.models = members.length;
    this.rateFactors = hypers.map(() => 1);
    this.#network = network;
    this.#hypers = hypers;
    this.#seeds = members.map(({ trainingSeed }) => trainingSeed);
    this.#chain = networkChain(network, hypers);
    const { units } = network.layers[network.layers.length - 1];
    this.#head = lossHead(network, hypers, this.#chain.lastActivation, units);
    this.#clip = gradientClipping(
      hypers,
      tensors.filter((place) => place.trainable),
    );
    this.#optimizer = createOptimizer(network.optimizer, hypers);
    const moving = size - trainable;
    const [front, ...back] = tidy(() => {
      const all = tensor2d(parameters, [this.models, size]);
      if (moving === 0) return [keep(all)];
      const part = (from: number, count: number) => slice(all, [0, from], [this.models, count]);
      return [part(0, trainable), part(trainable, moving)];
    });
    this.#trainable = front;
    this.#moving = back[0] ?? null;
    this.#state = tidy(() => this.#optimizer.start(this.models, trainable));
  }

  /** (models, size): each row flat in the order of `network.layout`. Call in a tidy. */
  parameters(): Tensor {
    const parts = this.#moving === null ? [this.#trainable] : [this.#trainable, this.#moving];
    return parts.length === 1 ? parts[0].clone() : concat(parts, 1);
  }

  /** The plan's learning rate of a network's next step, before its factor. */
  plannedRate(model: number): number {
    const { learningRate, learningRates } = this.#hypers[model];
    // Past the end of a table its last entry stays.
    return learningRates?.[Math.min(this.steps, learningRates.length - 1)] ?? learningRate;
  }

  dispose(): void {
    dispose(this.#kept());
  }

  /** Forward and loss. Call in a tidy. */
  evaluate({ inputs, labels, weights }: Batch, training: boolean): Evaluation {
    const { links, logits } = this.#chain;
    const pass: Pass = { training, step: this.steps, seeds: this.#seeds };
    const made: (Made | null)[] = [];
    const outputs: Tensor[] = [];
    let values = inputs;
    for (const link of links) {
      if ("adds" in link) {
        values = add(values, reshape(outputs[link.adds], values.shape));
        made.push(null);
      } else {
        const weightsOfLink = link.tensors.map((place) => this.#view(place));
        const input = reshape(values, [...values.shape.slice(0, 2), ...link.layer.inputShape]);
        const forward = link.layer.forward(weightsOfLink, input, pass);
        values = forward.output;
        made.push({ link, forward, weights: weightsOfLink });
      }
      outputs.push(values);
    }
    const entry = links.length - (this.#head.passesActivation ? 2 : 1);
    const batchLoss = this.#head.compute(outputs[entry], labels, weights);
    const layers = made.filter((one) => one !== null);
    const regularizationLoss = this.#penalty(layers, labels.shape[1]!);
    const moved = layers.flatMap(({ forward }) => forward.moved ?? []);
    return {
      dataLoss: batchLoss.loss,
      regularizationLoss,
      loss: withNonFiniteOf(this.#trainable, add(batchLoss.loss, regularizationLoss)),
      correct: countCorrect(values, labels),
      logits: outputs[logits],
      moved: moved.length === 0 ? null : concat(moved, 1),
      outputs: values,
      gradients: (see) => this.#gradients(made, outputs, entry, batchLoss, see),
      blocks: () =>
        this.#chain.activations.map(({ activation, alphas, input, output }) => {
          return { activation, alphas, z: outputs[input], a: outputs[output] };
        }),
    };
  }

  /**
   * One optimizer step of every network. One that has diverged goes on with numbers that are not
   * finite: no other network sees them, and masking them would cost a pass over all parameters.
   */
  update({ moved }: Pick<Evaluation, "moved">, gradients: Tensor): void {
    const before = this.#kept();
    const rates = this.#hypers.map((_, model) => this.rateFactors[model] * this.plannedRate(model));
    const [trainable, ...state] = tidy(() => {
      const at = { step: this.steps, rates };
      const updated = this.#optimizer.update(this.#clip(gradients), this.#state, at);
      return [sub(this.#decayed(rates), updated.decrease), ...updated.state];
    });
    this.#trainable = keep(trainable);
    this.#moving = moved && keep(moved);
    this.#state = state.map((tensor) => keep(tensor));
    dispose(before);
    this.steps++;
  }

  /** The parameters after decoupled weight decay. */
  #decayed(rates: readonly number[]): Tensor {
    const kept = this.#hypers.map(({ weightDecay }, model) => 1 - rates[model] * weightDecay);
    return kept.every((share) => share === 1)
      ? this.#trainable
      : mul(this.#trainable, perNetwork(kept));
  }

  #kept(): Tensor[] {
    const front = this.#moving === null ? [this.#trainable] : [this.#trainable, this.#moving];
    return [...front, ...this.#state];
  }

  #view({ offset, size, shape, trainable }: ParameterTensor): Tensor {
    const first = trainable ? offset : offset - this.#network.layout.trainable;
    const all = trainable ? this.#trainable : this.#moving!;
    return reshape(slice(all, [0, first], [this.models, size]), [this.models, ...shape]);
  }

  #gradients(
    made: readonly (Made | null)[],
    outputs: readonly Tensor[],
    entry: number,
    batchLoss: BatchLoss,
    see?: SeeGradient,
  ): Tensor {
    const { links } = this.#chain;
    const pieces = new Map<ParameterTensor, Tensor>();
    /** By link: the gradient of its output, as far as it has come back. */
    const arrived: (Tensor | undefined)[] = [];
    const arrive = (link: number, gradient: Tensor) => {
      const sofar = arrived[link];
      arrived[link] = sofar === undefined ? gradient : add(sofar, gradient);
    };
    arrive(entry, batchLoss.dOutputs());
    const first = links.findIndex((link) => "tensors" in link && link.tensors.length > 0);
    for (let i = links.length - 1; i >= first; i--) {
      const one = made[i];
      const penalty = one === null ? null : this.#activityGradient(one);
      if (penalty !== null) arrive(i, penalty);
      const gradient = arrived[i];
      // The loss has passed by the last activation.
      if (gradient === undefined) continue;
      if (one === null) {
        const { adds } = links[i] as AddLink;
        arrive(adds, reshape(gradient, outputs[adds].shape));
        arrive(i - 1, gradient);
        continue;
      }
      const backward = one.forward.backward(gradient);
      backward.dParameters.forEach((dParameter, p) => {
        const place = one.link.tensors[p];
        see?.(place, dParameter);
        pieces.set(place, this.#withPenalty(place, one.weights[p], dParameter));
      });
      if (i > first) arrive(i - 1, reshape(backward.dInput(), outputs[i - 1].shape));
    }
    const rows = this.#network.layout.tensors
      .filter(({ trainable }) => trainable)
      .map((place) => reshape(pieces.get(place)!, [this.models, place.size]));
    return rows.length === 1 ? rows[0] : concat(rows, 1);
  }

  /** (models): l1 sum |w| + l2 sum w^2 over kernels and biases, and per sample over activities. */
  #penalty(made: readonly Made[], batch: number): Tensor {
    let total: Tensor = zeros([this.models]);
    const take = (values: Tensor, { l1, l2 }: Penalties, divisor: number) => {
      const axes = values.shape.map((_, axis) => axis).slice(1);
      const term = (sums: Tensor, factor: number[]) => {
        total = add(total, div(mul(sums, perNetwork(factor, 1)), divisor));
      };
      if (l1) term(sum(abs(values), axes), l1);
      if (l2) term(sum(square(values), axes), l2);
    };
    for (const { link, forward, weights } of made) {
      link.tensors.forEach((place, p) => {
        take(weights[p], this.#penaltiesOf(place), 1);
      });
      if (link.activityOf !== null) {
        take(forward.output, this.#activityPenalties(link.activityOf), batch);
      }
    }
    return total;
  }

  #withPenalty(place: ParameterTensor, weights: Tensor, gradient: Tensor): Tensor {
    const penalty = penaltyGradient(weights, this.#penaltiesOf(place), 1);
    return penalty === null ? gradient : add(gradient, penalty);
  }

  #activityGradient({ link, forward: { output } }: Made): Tensor | null {
    if (link.activityOf === null) return null;
    return penaltyGradient(output, this.#activityPenalties(link.activityOf), output.shape[1]!);
  }

  #penaltiesOf({ kind, layer }: ParameterTensor): Penalties {
    if (kind === "kernel") return this.#penalties(({ l1, l2 }) => [l1[layer], l2[layer]]);
    if (kind !== "bias") return NO_PENALTIES;
    return this.#penalties(({ penalties }) => {
      const own = penalties?.[layer];
      return [own?.biasL1 ?? 0, own?.biasL2 ?? 0];
    });
  }

  #activityPenalties(layer: number): Penalties {
    return this.#penalties(({ penalties }) => {
      const own = penalties?.[layer];
      return [own?.activityL1 ?? 0, own?.activityL2 ?? 0];
    });
  }

  #penalties(of: (hyper: Hyper) => readonly [l1: number, l2: number]): Penalties {
    const [l1, l2] = [0, 1].map((which) => this.#hypers.map((hyper) => of(hyper)[which]));
    const used = (values: number[]) => (values.some((value) => value !== 0) ? values : null);
    return { l1: used(l1), l2: used(l2) };
  }
}

/** A layer of the chain in one pass. */
interface Made {
  readonly link: LayerLink;
  readonly forward: Forward;
  readonly weights: readonly Tensor[];
}

/** One number per network; null where no network has that penalty. */
interface Penalties {
  readonly l1: number[] | null;
  readonly l2: number[] | null;
}

const NO_PENALTIES: Penalties = { l1: null, l2: null };

/** (l1 sign(w) + 2 l2 w) / divisor; null without a penalty. */
function penaltyGradient(values: Tensor, { l1, l2 }: Penalties, divisor: number): Tensor | null {
  const scaled = (factors: number[], scale: number) =>
    perNetwork(
      factors.map((factor) => (scale * factor) / divisor),
      values.rank,
    );
  const first = l1 && mul(sign(values), scaled(l1, 1));
  const second = l2 && mul(values, scaled(l2, 2));
  return first && second ? add(first, second) : (first ?? second);
}
