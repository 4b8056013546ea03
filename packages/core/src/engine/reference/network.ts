// A network of the plan bound to tensors: stages on the inputs, then blocks. All tensors are made
// here, once; a step only writes to them.

import type { Hyper, Network, Operation, OperationHyper } from "../../compile/plan.ts";
import { DEFAULT_ALPHA } from "../../spec/words.ts";
import { requireDense } from "../require-dense.ts";
import { Block } from "./block.ts";
import { activationStage } from "./operations/activation.ts";
import { operationStage } from "./operations/operation-stage.ts";
import type { Parameters } from "./parameters.ts";
import type { Site, Stage } from "./stage.ts";
import { type Precision, type Tensor, tensor } from "./tensor.ts";

/** A network of the plan with its numbers, and the seed of what it draws while it trains. */
export interface NetworkDefinition {
  readonly network: Network;
  readonly hyper: Hyper;
  readonly trainingSeed: number;
}

export interface BoundNetwork {
  /** Stages on the inputs. */
  readonly before: readonly Stage[];
  readonly blocks: readonly Block[];
}

/** @param inputs (capacity, inputs): where batches will be written. */
export function bindNetwork(
  { network, hyper, trainingSeed }: NetworkDefinition,
  inputs: Tensor,
  capacity: number,
  parameters: Parameters,
  precision: Precision,
): BoundNetwork {
  requireDense(network);
  const blocks: Block[] = [];
  let position = 0;
  const site = (input: Tensor, units: number, numbers: OperationHyper): Site => ({
    input,
    units,
    capacity,
    precision,
    trainingSeed,
    position,
    numbers,
  });
  const bind = (operations: readonly Operation[], layer: number, units: number, start: Tensor) => {
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
  network.layers.forEach((shape, l) => {
    const { units, activation, after = [] } = shape;
    const preActivations = tensor(precision, capacity * units);
    const alpha = hyper.alpha?.[l] ?? DEFAULT_ALPHA[activation] ?? 0;
    const stage = activationStage(
      activation,
      site(preActivations, units, { ...NO_NUMBERS, alpha }),
      parameters.find(l, "alpha"),
    );
    blocks.push(
      new Block(
        {
          shape,
          input: blocks.at(-1)?.output ?? before.at(-1)?.output ?? inputs,
          kernel: parameters.find(l, "kernel")!,
          bias: parameters.find(l, "bias"),
          preActivations,
          activation: stage,
          after: bind(after, l, units, stage?.output ?? preActivations),
          penalties: { ...NO_PENALTIES, ...hyper.penalties?.[l], l1: hyper.l1[l], l2: hyper.l2[l] },
          isAdded: added.has(l),
        },
        precision,
      ),
    );
  });
  return { before, blocks };
}

const NO_NUMBERS: OperationHyper = { rate: 0, stddev: 0, momentum: 0, epsilon: 0, alpha: 0 };
const NO_PENALTIES = { biasL1: 0, biasL2: 0, activityL1: 0, activityL2: 0 };

function addedBlocks({ layers }: Network): Set<number> {
  const operations = layers.flatMap(({ after = [] }) => after);
  return new Set(operations.flatMap((o) => (o.kind === "add" ? [o.from] : [])));
}
