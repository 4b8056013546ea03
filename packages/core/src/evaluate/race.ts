// The doctor against random search on one case: who holds what reaches the published fix, and after
// how many model-steps. Both clocks run alike: a search has got there when what it holds mends the
// case and all that it holds after that does too, as fresh seeds say.

import type { Engine } from "../engine/engine.ts";
import type { Incumbent } from "../prove/incumbent.ts";
import type { BenchmarkCase, BenchmarkFile } from "./benchmark-case.ts";
import type { CaseScore } from "./case-score.ts";
import { atCheckScale, caseSpec } from "./case-spec.ts";
import { judgedArms } from "./judged-arms.ts";
import { randomSearch } from "./random-search.ts";
import { COUNTS_FROM, comparison, isBetter, yardstickOf } from "./score-case.ts";

/** How one search went. */
export interface Lap {
  /** The steps after which what it held mended the case, to its end; null: never. */
  readonly modelSteps: number | null;
  /** What it held then, or where it never got there at its end. */
  readonly holding: string;
}

export interface Race {
  readonly id: string;
  readonly doctor: Lap;
  readonly random: readonly Lap[];
  /** Model-steps of the whole diagnosis with its proofs; what every random search had. */
  readonly budget: number;
}

/** Searches with numbers of their own. */
const SEARCHES = 3;

export interface RaceOptions {
  readonly generators: BenchmarkFile["generators"];
  readonly engine: Engine;
  /** Seeds that judge. */
  readonly seeds?: number;
}

/**
 * @param score of the same case; it was diagnosed and asked for a repair.
 * @param held What the doctor held, in the order in which it did.
 */
export async function raceAgainstRandom(
  written: BenchmarkCase,
  { id, repair, modelSteps: budget }: Pick<CaseScore, "id" | "repair" | "modelSteps">,
  held: readonly Incumbent[],
  { generators, engine, seeds = 16 }: RaceOptions,
): Promise<Race> {
  const subject = atCheckScale(written);
  const source = caseSpec(subject, generators);
  const on = yardstickOf(subject) === "valLoss" ? "loss" : "accuracy";

  const lapOf = async (incumbents: readonly Incumbent[]): Promise<Lap> => {
    const patches = Object.fromEntries(incumbents.map(({ patch }, i) => [`held-${i}`, patch]));
    const arms = await judgedArms(
      subject,
      { asIs: {}, ...patches },
      { engine, generators },
      { seeds },
    );
    const isMended = incumbents.map((_, i) => {
      const arm = arms[`held-${i}`]?.[on];
      if (arm === undefined) return false;
      const reached = arm.reduce((sum, value) => sum + value, 0) / arm.length;
      const isClose =
        on === "loss"
          ? reached <= 1.25 * repair!.withFix
          : reached >= repair!.withFix - COUNTS_FROM;
      return isClose && isBetter(comparison(arms.asIs[on], arm, on));
    });
    const first = incumbents[isMended.lastIndexOf(false) + 1];
    return {
      modelSteps: first?.modelSteps ?? null,
      holding: (first ?? incumbents.at(-1))?.interventions ?? "nothing",
    };
  };

  const random: Lap[] = [];
  for (let seed = 0; seed < SEARCHES; seed++) {
    random.push(await lapOf(await randomSearch(source, engine, { modelSteps: budget, seed })));
  }
  return { id, doctor: await lapOf(held), random, budget };
}

export function raceLine({ id, doctor, random, budget }: Race): string {
  const lap = ({ modelSteps, holding }: Lap) => `${stepsText(modelSteps)} (${holding})`;
  return `${id}  doctor ${lap(doctor)}  random ${random.map(lap).join(", ")}  of ${stepsText(budget)} model-steps`;
}

export function raceTotals(races: readonly Race[]): string {
  const isThere = ({ modelSteps }: Lap) => modelSteps !== null;
  const searches = races.flatMap(({ random }) => random);
  /** Every search beside the doctor, where the doctor got there. */
  const pairs = races
    .filter(({ doctor }) => isThere(doctor))
    .flatMap(({ doctor, random }) => random.map((search) => ({ doctor, search })));
  const both = pairs.filter(({ search }) => isThere(search));
  const sooner = both.filter(({ doctor, search }) => doctor.modelSteps! < search.modelSteps!);
  const fewer = both.filter(({ doctor, search }) => parts(doctor) <= parts(search));
  return [
    `${races.length} cases, ${SEARCHES} random searches each, at the model-steps of the doctor\n`,
    `mended by the doctor   ${races.filter(({ doctor }) => isThere(doctor)).length} of ${races.length}\n`,
    `by random search       ${searches.filter(isThere).length} of ${searches.length}\n`,
    `searches that the doctor was sooner than, or that did not get there  ${sooner.length + pairs.length - both.length} of ${searches.length}\n`,
    `where both got there, with no more changes than the search  ${fewer.length} of ${both.length}\n`,
  ].join("");
}

function stepsText(steps: number | null): string {
  return steps === null ? "not" : steps.toExponential(1);
}

function parts({ holding }: Lap): number {
  return holding.split(" + ").length;
}
