// By which pairs arms are chosen, round by round. A pair is one training seed on one fold: both axes
// of chance, weights and rows, differ between them. The third round is for the few arms between which
// the first two leave a doubt, and tells nothing of the unchanged network.

import type { Round } from "./rounds.ts";

/** Which of the three rounds of choosing. */
export type RoundIndex = 0 | 1 | 2;

type FirstRounds = readonly [Round, Round];

/** What a network that takes long to train can afford. */
const FEW: FirstRounds = [
  { seeds: [1000, 1001], folds: [0] },
  { seeds: [1002], folds: [1, 2] },
];
const USUAL: FirstRounds = [
  { seeds: [1000, 1001], folds: [0] },
  { seeds: [1002, 1003], folds: [1, 2] },
];
/** Where the network fails on some seeds only, of which two may both be lucky. */
const MANY: FirstRounds = [
  { seeds: [1000, 1001, 1002, 1003, 1004, 1005], folds: [0] },
  { seeds: [1006, 1007, 1008, 1009], folds: [1, 2] },
];

/** Pairs of the third round. */
const THIRD = { dear: 4, least: 10, most: 40 } as const;

export interface Pairing {
  /** Whether the unchanged network fails on some seeds and learns on others. */
  readonly isLucky: boolean;
  /** Whether it takes long to train. */
  readonly isDear: boolean;
  /** Pairs of all the arms that take no time to speak of: the third round has as many, within limits. */
  readonly affordable: number;
}

/** @param hasFolds Without them as many pairs are seeds alone. */
export function pairsOf(round: RoundIndex, pairing: Pairing, hasFolds: boolean): Round {
  const pairs = round === 2 ? thirdRound(pairing) : firstRounds(pairing)[round];
  if (hasFolds) return pairs;
  const count = pairs.seeds.length * pairs.folds!.length;
  const seeds = Array.from({ length: count }, (_, i) => pairs.seeds[0] + i);
  return { ...pairs, seeds, folds: null };
}

function firstRounds({ isLucky, isDear }: Pairing): FirstRounds {
  return isLucky === isDear ? USUAL : isLucky ? MANY : FEW;
}

/** More rows too where there are more pairs: a few seeds on many folds, each fold with every seed. */
function thirdRound({ isLucky, isDear, affordable }: Pairing): Round {
  const { dear, least, most } = THIRD;
  const count =
    isDear && !isLucky ? dear : isDear ? least : Math.max(least, Math.min(most, affordable));
  const folds = count > least ? [1, 3, 4, 5] : [1, 3];
  const seeds = Array.from({ length: Math.floor(count / folds.length) }, (_, i) => 1020 + i);
  return { seeds, folds, withoutBaseline: true };
}
