// A network of the plan bound to linear memory: stages on the inputs, blocks, and the head. All room
// is taken here, once.

import type { Hyper, Layer, Network, Operation, OperationHyper } from "../../compile/plan.ts";
import { type Activation, DEFAULT_ALPHA } from "../../spec/words.ts";
import { lastActivation } from "../reference/block.ts";
import type { NetworkDefinition } from "../reference/network.ts";
import { requireDense } from "../require-dense.ts";
import { type ActivationKernels, activationKernels } from "./activation-kernels.ts";
import type { Arena } from "./arena.ts";
import { Block } from "./block.ts";
import { Head } from "./head.ts";
import type { Kernels } from "./kernels.ts";
import { activationStage, fusedRelu } from "./operations/activation.ts";
import { operationStage } from "./operations/operation-stage.ts";
import { rowBytes } from "./padding.ts";
import type { Parameters } from "./parameters.ts";
import type { Site, Stage } from "./stage.ts";

export interface BoundNetwork {
  /** Stages on the inputs. */
  readonly before: readonly Stage[];
  readonly blocks: readonly Block[];
  readonly head: Head;
}

/** @param inputs (capacity, inputs): where batches will be written. */
export function bindNetwork(
  kernels: Kernels,
  arena: Arena,
  { network, hyper, trainingSeed }: NetworkDefinition,
  inputs: number,
  capacity: number,
  parameters: Parameters,
): BoundNetwork {
  requireDense(network);
  const blocks: Block[] = [];
  let position = 0;
  const site = (input: number, units: number, numbers: OperationHyper): Site => ({
    kernels,
    arena,
    input,
    units,
    capacity,
    trainingSeed,
    position,
    numbers,
  });
  const bind = (operations: readonly Operation[], layer: number, units: number, start: number) => {
    const stages: Stage[] = [];
    for (const operation of operations) {
      const at = position;
      const stage = operationStage(
        operation,
        site(stages.at(-1)?.output ?? start, units, hyper.operations?.[at] ?? NO_NUMBERS),
        (kind) => parameters.find(layer, kind, at),
        blocks,
      );
      if (stage !== null) stages.push(stage);
      position++;
    }
    return stages;
  };
  const before = bind(network.before ?? [], 0, network.inputs, inputs);
  const added = addedBlocks(network);
  const owned = activationOfHead(kernels, network, hyper);
  network.layers.forEach((shape, l) => {
    const { units, activation, after = [] } = shape;
    const isLast = l === network.layers.length - 1;
    const preActivations = arena.allocate((capacity * rowBytes(units)) / 4);
    // The last layer keeps its pre-activations: they are the logits.
    const isFusedRelu = activation === "relu" && !isLast;
    const inBlock = site(preActivations, units, { ...NO_NUMBERS, alpha: alphaOf(hyper, shape, l) });
    const isOwned = isLast && owned?.operation === null;
    const stage = isOwned
      ? null
      : isFusedRelu
        ? fusedRelu(inBlock)
        : activationStage(activation, inBlock, parameters.find(l, "alpha"));
    const operations = isLast ? after.slice(0, owned?.operation ?? after.length) : after;
    blocks.push(
      new Block(kernels, arena, {
        shape,
        capacity,
        kernel: parameters.find(l, "kernel")!,
        bias: parameters.find(l, "bias"),
        preActivations,
        isFusedRelu,
        activation: stage,
        after: bind(operations, l, units, stage?.output ?? preActivations),
        penalties: { ...NO_PENALTIES, ...hyper.penalties?.[l], l1: hyper.l1[l], l2: hyper.l2[l] },
        isAdded: added.has(l),
        passesBack: l > 0 || before.length > 0,
      }),
    );
  });
  const head = new Head(kernels, arena, network, hyper, blocks[blocks.length - 1], owned, capacity);
  return { before, blocks, head };
}

const NO_NUMBERS: OperationHyper = { rate: 0, stddev: 0, momentum: 0, epsilon: 0, alpha: 0 };
const NO_PENALTIES = { biasL1: 0, biasL2: 0, activityL1: 0, activityL2: 0 };

/** The activation that makes the network's output, where the head may compute it as it likes. */
export interface HeadActivation {
  readonly kernels: ActivationKernels;
  readonly activation: Activation;
  readonly alpha: number;
  /** Which operation of the last layer it is; null for the layer's own activation. */
  readonly operation: number | null;
}

/** Null where that is no activation, or one with parameters, or where a penalty looks at it. */
function activationOfHead(kernels: Kernels, network: Network, hyper: Hyper): HeadActivation | null {
  const l = network.layers.length - 1;
  const layer = network.layers[l];
  const { after = [] } = layer;
  const activation = lastActivation(layer);
  const found = activationKernels(kernels, activation);
  if (found === null) return null;
  const operation = after.findLastIndex(
    (o) => o.kind !== "activation" || o.activation !== "linear",
  );
  if (operation >= 0) {
    const first = operationCount(network) - after.length;
    const alpha = hyper.operations?.[first + operation]?.alpha ?? 0;
    return { kernels: found, activation, alpha, operation };
  }
  const { activityL1 = 0, activityL2 = 0 } = hyper.penalties?.[l] ?? {};
  if (activityL1 !== 0 || activityL2 !== 0) return null;
  return { kernels: found, activation, alpha: alphaOf(hyper, layer, l), operation: null };
}

function alphaOf(hyper: Hyper, { activation }: Layer, l: number): number {
  return hyper.alpha?.[l] ?? DEFAULT_ALPHA[activation] ?? 0;
}

function operationCount({ before = [], layers }: Network): number {
  return layers.reduce((sum, { after = [] }) => sum + after.length, before.length);
}

function addedBlocks({ layers }: Network): Set<number> {
  const operations = layers.flatMap(({ after = [] }) => after);
  return new Set(operations.flatMap((o) => (o.kind === "add" ? [o.from] : [])));
}
