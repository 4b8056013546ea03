// Sweep -> trials and chunks. Trial i and chunk c are functions of the sweep and their numbers alone:
// whoever has the sweep can train any chunk, and no two machines need to speak to each other.

import { population } from "../compile/population.ts";
import { contentHash } from "../shared/content-hash.ts";
import { sweepHash } from "./parse-sweep.ts";
import { type Space, spaceOf } from "./space.ts";
import type { DrawnTrial, Sweep, SweepTrial } from "./sweep.ts";
import { specWith } from "./trial-spec.ts";

export function trialCount(sweep: Sweep): number {
  return factsOf(sweep).space.trials;
}

/** @throws SpecError where the spec cannot say this combination of values. */
export function trialAt(sweep: Sweep, index: number): SweepTrial {
  const trial = drawTrial(sweep, index);
  return { ...trial, spec: specWith(sweep.spec, trial.params) };
}

/** The trial without its spec, which costs most of the time. */
export function drawTrial(sweep: Sweep, index: number): DrawnTrial {
  const { space, specHash } = factsOf(sweep);
  if (!Number.isInteger(index) || index < 0 || index >= space.trials) {
    throw new RangeError(`there is no trial ${index} among ${space.trials}`);
  }
  const params = space.paramsAt(index);
  const { seeds } = sweep.spec;
  return { index, id: contentHash({ spec: specHash, params, seeds }).slice(0, 16), params };
}

export function chunkCount(sweep: Sweep): number {
  const { space, trialsPerChunk } = factsOf(sweep);
  return Math.ceil(space.trials / trialsPerChunk);
}

/** `<sweep>-<chunk>`: the same on every machine. */
export function chunkId(sweep: Sweep, chunk: number): string {
  return `${factsOf(sweep).hash.slice(0, 16)}-${chunk}`;
}

export interface ChunkRange {
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
}

/** The indices of the trials of a chunk. */
export function chunkRange(sweep: Sweep, chunk: number): ChunkRange {
  const { space, trialsPerChunk } = factsOf(sweep);
  const first = chunk * trialsPerChunk;
  if (!Number.isInteger(chunk) || first < 0 || first >= space.trials) {
    throw new RangeError(`there is no chunk ${chunk} among ${chunkCount(sweep)}`);
  }
  return { first, end: Math.min(first + trialsPerChunk, space.trials) };
}

/** The chunk that a trial is in. */
export function chunkOf(sweep: Sweep, index: number): number {
  return Math.floor(index / factsOf(sweep).trialsPerChunk);
}

/** @throws SpecError where the spec cannot say a combination of values. */
export function trialsOfChunk(sweep: Sweep, chunk: number): SweepTrial[] {
  const { first, end } = chunkRange(sweep, chunk);
  return Array.from({ length: end - first }, (_, i) => trialAt(sweep, first + i));
}

/** Networks of one trial: its seeds, or folds with every seed. */
export function runsPerTrial(sweep: Sweep): number {
  return factsOf(sweep).runsPerTrial;
}

/** What every question about a sweep needs, once. */
interface Facts {
  readonly space: Space;
  readonly hash: string;
  readonly specHash: string;
  readonly runsPerTrial: number;
  readonly trialsPerChunk: number;
}

const known = new WeakMap<Sweep, Facts>();

function factsOf(sweep: Sweep): Facts {
  const before = known.get(sweep);
  if (before !== undefined) return before;
  const runs = population(sweep.spec).length;
  const { seeds: _, ...network } = sweep.spec;
  const facts = {
    space: spaceOf(sweep),
    hash: sweepHash(sweep),
    specHash: contentHash(network),
    runsPerTrial: runs,
    trialsPerChunk: Math.max(1, Math.floor(sweep.chunk / runs)),
  };
  known.set(sweep, facts);
  return facts;
}
