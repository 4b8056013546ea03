// By which pairs arms are chosen, round by round. A pair is one training seed on one fold: both axes
// of chance, weights and rows, differ between them. The third round is for the few arms between which
// the first two leave a doubt, and tells nothing of the unchanged network.

import type { Round } from "./rounds.ts";

/** Which of the three rounds of choosing. */
export type RoundIndex = 0 | 1 | 2;

type Rounds = readonly [Round, Round, Round];

/** What a network that takes long to train can afford. */
const FEW: Rounds = [
  { seeds: [1000, 1001], folds: [0] },
  { seeds: [1002], folds: [1, 2] },
  { seeds: [1020, 1021], folds: [1, 3], withoutBaseline: true },
];
const USUAL: Rounds = [
  { seeds: [1000, 1001], folds: [0] },
  { seeds: [1002, 1003], folds: [1, 2] },
  { seeds: [1020, 1021, 1022, 1023, 1024], folds: [1, 3], withoutBaseline: true },
];
/** Where the network fails on some seeds only, of which two may both be lucky. */
const MANY: Rounds = [
  { seeds: [1000, 1001, 1002, 1003, 1004, 1005], folds: [0] },
  { seeds: [1006, 1007, 1008, 1009], folds: [1, 2] },
  { seeds: [1020, 1021, 1022, 1023, 1024], folds: [1, 3], withoutBaseline: true },
];

export interface Pairing {
  /** Whether the unchanged network fails on some seeds and learns on others. */
  readonly isLucky: boolean;
  /** Whether it takes long to train. */
  readonly isDear: boolean;
}

/** @param hasFolds Without them as many pairs are seeds alone. */
export function pairsOf(round: RoundIndex, { isLucky, isDear }: Pairing, hasFolds: boolean): Round {
  const pairs = (isLucky === isDear ? USUAL : isLucky ? MANY : FEW)[round];
  if (hasFolds) return pairs;
  const count = pairs.seeds.length * pairs.folds!.length;
  const seeds = Array.from({ length: count }, (_, i) => pairs.seeds[0] + i);
  return { ...pairs, seeds, folds: null };
}
