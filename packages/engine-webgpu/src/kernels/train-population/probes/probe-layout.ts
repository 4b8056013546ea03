// Where probes find what they measure, and where they put it:
//
//   values       what a probed step needs for a moment: partial results, the network's answers
//   parameters   behind the copies of a network: what outlives a dispatch, sums of the epoch so far
//                and its confusion counts; checkpoints take it along
//   the ring     a buffer of its own that reports read (probe-ring.ts)

import type { Activation, Network } from "@convergence-lab/core";
import { isWorking, lossHead } from "../loss-head.ts";
import type { LaidOut, LayerLayout, MemoryLayout } from "../memory-layout.ts";
import { countClasses } from "../network-fields.ts";
import { type ProbeWork, probeWork } from "./probe-work.ts";

/** Offsets and sizes are in blocks unless the name says otherwise. */
export interface ProbeLayout {
  readonly work: ProbeWork;
  readonly layers: readonly ProbedLayer[];
  /** Classes of a confusion matrix. */
  readonly classes: number;
  /** In values: partial results over ranges of parameters, `PROBE_PARTS` for each range. */
  readonly ranges: number;
  /** In values: two for each block of units of each layer. */
  readonly units: number;
  /** In values: for each block of samples, and again for each softmax. */
  readonly samples: number;
  /** In values: what the network answers, where the loss reads what comes before it; or null. */
  readonly answers: number | null;
  /** In values: predicted classes; null where no confusion counts are asked for. */
  readonly predicted: number | null;
  /** Behind the copies of the parameters: the parameters before an update; null unless asked for. */
  readonly before: number | null;
  /** The same: sums of the epoch so far. */
  readonly sums: number;
  /** The same: confusion counts, a row of `classes` numbers in blocks for each true class. */
  readonly counts: number;
  /** Of one matrix. */
  readonly countBlocks: number;
}

/** What a dense layer's signals are made of. */
export interface ProbedLayer {
  readonly layout: LayerLayout;
  /** The block's first activation; linear where it has none. */
  readonly activation: Activation;
  /** Among the operations of the network; null for the layer's own activation. */
  readonly position: number | null;
  /** In values: (units, batch) of that activation; z is null where it is not kept. */
  readonly z: number | null;
  readonly a: number;
  /** Whether the loss passes it by, so that its output is there at probed steps only. */
  readonly isPassed: boolean;
  /** Blocks of units of the layers before. */
  readonly firstItem: number;
}

/** Partial results of a range, whatever the number of lanes, so that the order of summation stays. */
export const PROBE_PARTS = 16;

/** Numbers of the epoch so far: see epoch-phases.wgsl.ts. */
const SUM_BLOCKS = 2;

type Laid = Pick<MemoryLayout, "batchBlocks" | "layers" | "tensors">;

/**
 * @param take Gives out a range of values.
 * @param takeBehind Gives out a range behind the copies of the parameters.
 */
export function probeLayout(
  { network, probes = [] }: LaidOut,
  { batchBlocks, layers, tensors }: Laid,
  parameterBlocks: number,
  take: (blocks: number) => number,
  takeBehind: (blocks: number) => number,
): ProbeLayout {
  const work = probeWork(probes);
  const last = layers[layers.length - 1];
  const { passesActivation } = lossHead(network);
  const readsAnswers = work.readsOutputs || work.readsActivations || work.readsFlatParts;
  const answers = passesActivation && readsAnswers ? take(4 * last.unitBlocks * batchBlocks) : null;
  let firstItem = 0;
  const probed = layers.map((layout, l): ProbedLayer => {
    const place = activationPlace(network, layout, l, answers ?? last.output);
    firstItem += layout.unitBlocks;
    return { layout, firstItem: firstItem - layout.unitBlocks, ...place };
  });
  const ranges = Math.max(
    work.findsNonFinite ? 2 * tensors.length : 0,
    work.readsParameters || work.readsZeroGradients ? 2 * layers.length : 0,
    work.readsUpdate ? layers.length : 0,
    work.readsGradientNorm ? 1 : 0,
  );
  const softmaxes = probed.filter(({ activation }) => activation === "softmax").length;
  const classes = countClasses(network);
  const countBlocks = classes * Math.ceil(classes / 4);
  return {
    work,
    layers: probed,
    classes,
    ranges: take(PROBE_PARTS * ranges),
    units: take(2 * firstItem),
    samples: take(batchBlocks * (1 + softmaxes)),
    answers,
    predicted: work.confusions.length > 0 ? take(batchBlocks) : null,
    before: work.readsUpdate ? takeBehind(parameterBlocks) : null,
    sums: takeBehind(SUM_BLOCKS),
    counts: takeBehind(work.confusions.length * countBlocks),
    countBlocks,
  };
}

/** @param answers Where the activation's output lies that the loss passes by. */
function activationPlace(
  network: Network,
  layout: LayerLayout,
  l: number,
  answers: number,
): Omit<ProbedLayer, "layout" | "firstItem"> {
  const { before = [], layers } = network;
  const { activation, after = [] } = layers[l];
  const { sums, output, stages } = layout;
  const isLast = l === layers.length - 1;
  const isPassed = isLast && lossHead(network).passesActivation;
  const index = after.findIndex((o) => o.kind === "activation" && isWorking(o));
  if (activation === "linear" && index < 0) {
    return { activation, position: null, z: sums, a: sums, isPassed: false };
  }
  const first = layers
    .slice(0, l)
    .reduce((sum, { after: own = [] }) => sum + own.length, before.length);
  const operation = after[index];
  const position = activation === "linear" ? first + index : null;
  const name =
    position !== null && operation.kind === "activation" ? operation.activation : activation;
  const stage = stages.find(
    (one) => one.operation.kind === "activation" && one.position === position,
  );
  const own = { activation: name, position };
  if (stage) return { ...own, z: stage.input, a: stage.output, isPassed: false };
  if (isPassed) return { ...own, z: output, a: answers, isPassed };
  return { ...own, z: null, a: sums, isPassed };
}
