// A training step as a list of phases, each a plain value. One frame calls them one after the other
// with barriers in between (train-population.wgsl.ts); another may launch each as an entry point of
// its own. So a phase keeps nothing in workgroup memory or in variables of its caller: it finds its
// network by `networkIndex` and `valueSlot`, its batch in `at`, and all else in storage.

import type { LayerGroup } from "./layer-groups.ts";

export interface Phase {
  /** Its function is `fn name(lane: u32)`: what one of the cooperating lanes has to do. */
  readonly name: string;
  /** WGSL text of the function, and of others that it alone calls. */
  readonly source: string;
  /** Independent pieces of work; a lane beyond them does nothing. 1 is a serial part. */
  readonly items: number;
  /**
   * Workgroups of so many lanes work on a piece together, with barriers: only tier L runs it. Its
   * function is `fn name(piece: u32, lane: u32, training: bool, activeBlocks: u32)`; what a barrier
   * depends on is passed, for no compiler believes that a variable is uniform.
   */
  readonly together?: { readonly workgroups: number; readonly lanes: number };
  readonly when: When;
  /** The next phase neither reads what this one writes nor writes what it reads. */
  readonly isIndependentOfNext?: boolean;
  /** It may end the training of its network: what follows asks for the status first. */
  readonly mayStop?: boolean;
  /** What is still done for a network that it has stopped; the last of them sets the status. */
  readonly onStop?: readonly Phase[];
}

/**
 * Batches in which a phase runs. "newEpoch" is the first of an epoch, and any batch before which
 * the network's values may have been lost, as those in workgroup memory between two dispatches.
 * "probed" are the training batches whose step is measured.
 */
export type When = "always" | "newEpoch" | "training" | "probed" | "endOfEpoch";

/** Phases of layers that repeat; each runs once per layer, after `moveTo` its tensors. */
export interface RepeatedPhases {
  readonly group: LayerGroup;
  readonly order: "first to last" | "last to first";
  readonly phases: readonly Phase[];
}

export type StepPart = Phase | RepeatedPhases;

/** Each once, with those that are only run when another stops. */
export function allPhases(parts: readonly StepPart[]): Phase[] {
  const listed = parts.flatMap((part) => ("phases" in part ? part.phases : [part]));
  const all = listed.flatMap((phase) => [phase, ...(phase.onStop ?? [])]);
  return [...new Map(all.map((phase) => [phase.name, phase])).values()];
}

/** WGSL that runs `body` for each `item` of a lane. */
export function forEachItem(items: number, lanes: string, body: string): string {
  return `  for (var item = lane; item < ${items}u; item += ${lanes}) {
${body}
  }`;
}
