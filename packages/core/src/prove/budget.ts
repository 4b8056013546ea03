// What choosing among arms may cost: how many of them go on, over how many pairs, and what nobody
// would notice.

import { isDear, trainingCost, UNNOTICED } from "../causes/cost.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";
import type { Arm } from "./arms.ts";
import { pairsOf, type RoundIndex } from "./pairs.ts";
import type { Round } from "./rounds.ts";

/** How many arms go on. */
export interface Fields {
  /** To the second round. */
  readonly second: number;
  /** To the third. */
  readonly playOff: number;
  /** Additions to the best arm that are tried at once. */
  readonly additions: number;
}

export const USUAL: Fields = { second: 5, playOff: 3, additions: 3 };
/** Where nobody notices what they cost. */
const CHEAP: Fields = { second: 5, playOff: 5, additions: 3 };
/** Where one of them takes long to train. */
const DEAR: Fields = { second: 3, playOff: 2, additions: 2 };

/** Pairs of a doubt that is looked into again though it seems to be none. */
export const LEAST_DOUBT = 10;

/** Of pairs for a doubt, so many times as many nobody notices: then all arms may go on. */
const TIMES_A_DOUBT = 5;

export class Budget {
  readonly #variant: Variant;
  readonly #dataset: Dataset;
  #isLucky: boolean;

  /**
   * @param dataset The rows as written.
   * @param isLucky Whether the unchanged network fails on some seeds and learns on others.
   */
  constructor(
    variant: Variant,
    { dataset, isLucky }: { readonly dataset: Dataset; readonly isLucky: boolean },
  ) {
    this.#variant = variant;
    this.#dataset = dataset;
    this.#isLucky = isLucky;
  }

  /** What is tried from now on gets as many pairs as where some seeds are lucky. */
  countOnLuck(): void {
    this.#isLucky = true;
  }

  /** Whether an arm takes long to train, or the unchanged network does. */
  isDear({ variant }: Arm): boolean {
    return [this.#variant, variant].some((each) => isDear(each, this.#dataset));
  }

  /** Whether so many pairs of every arm cost nothing to speak of. */
  isUnnoticed(arms: readonly Arm[], pairs: number): boolean {
    return this.#affordable(arms) >= pairs;
  }

  /** Whether the first two pairs of every arm cost twice that at most, and no arm much by itself. */
  isQuick(arms: readonly Arm[]): boolean {
    return !arms.some((arm) => this.isDear(arm)) && this.isUnnoticed(arms, 1);
  }

  fieldsOf(arms: readonly Arm[]): Fields {
    if (arms.some((arm) => this.isDear(arm))) return DEAR;
    return this.isUnnoticed(arms, TIMES_A_DOUBT * LEAST_DOUBT) ? CHEAP : USUAL;
  }

  /** The arms that are trained over the same pairs: the dear ones apart from the others. */
  equallyDear(arms: readonly Arm[]): Arm[][] {
    return [false, true]
      .map((isDear) => arms.filter((arm) => this.isDear(arm) === isDear))
      .filter((some) => some.length > 0);
  }

  /** @param arms All of them dear, or none. */
  pairsOf(arms: readonly Arm[], round: RoundIndex, hasFolds: boolean): Round {
    const pairing = {
      isLucky: this.#isLucky,
      isDear: this.isDear(arms[0]),
      affordable: this.#affordable(arms),
    };
    return pairsOf(round, pairing, hasFolds);
  }

  /** Pairs of every arm that nobody notices. */
  #affordable(arms: readonly Arm[]): number {
    const cost = arms.reduce((sum, { variant }) => sum + trainingCost(variant, this.#dataset), 0);
    return UNNOTICED / cost;
  }
}
