// What a frame is: how the phases of a step become entry points, and what is launched to let
// networks go on. There are two. The persistent one (train-population.wgsl.ts) is a single launch for
// many batches, a workgroup for each network. The other (launched-phases.wgsl.ts) launches each phase
// for itself, with as many workgroups per network as the phase has work for.

export interface Frame {
  /** WGSL text of all entry points. */
  readonly code: string;
  /** In their order. */
  readonly launches: readonly Launch[];
  /** Whether the launches are those of one batch, or of all batches of a dispatch. */
  readonly isPerBatch: boolean;
}

export interface Launch {
  readonly entryPoint: string;
  /** For each network. */
  readonly workgroups: number;
  /** Which of layers that repeat, and how far its tensors lie behind those of the first. */
  readonly moved: Moved;
  /** Whether it has nothing to do in a batch of which no network's step is measured. */
  readonly isOfProbes?: boolean;
}

export interface Moved {
  readonly repeated: number;
  readonly parameterOffset: number;
  readonly valueOffset: number;
}

export const NOT_MOVED: Moved = { repeated: 0, parameterOffset: 0, valueOffset: 0 };
