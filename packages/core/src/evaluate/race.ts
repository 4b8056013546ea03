// The doctor against random search on one case: who reaches what the published fix reaches, and after
// how many model-steps.

import type { Engine } from "../engine/engine.ts";
import type { BenchmarkCase, BenchmarkFile } from "./benchmark-case.ts";
import type { CaseScore } from "./case-score.ts";
import { atCheckScale, caseSpec } from "./case-spec.ts";
import { judgedArms } from "./judged-arms.ts";
import { randomSearch } from "./random-search.ts";
import { COUNTS_FROM, comparison, isBetter, yardstickOf } from "./score-case.ts";

export interface Race {
  readonly id: string;
  /** Of the doctor; null: it did not mend the case. */
  readonly doctor: number | null;
  readonly doctorPatch: readonly string[];
  /** Of each random search: the steps after which what it held mended the case, to its end. */
  readonly random: readonly (number | null)[];
  readonly randomPatches: readonly string[];
  /** What every search had. */
  readonly budget: number;
}

/** Searches with numbers of their own. */
const SEARCHES = 3;

/** @param score of the same case; it was diagnosed and asked for a repair. */
export async function raceAgainstRandom(
  written: BenchmarkCase,
  score: CaseScore,
  generators: BenchmarkFile["generators"],
  engine: Engine,
  seeds = 16,
): Promise<Race> {
  const subject = atCheckScale(written);
  const { repair, modelSteps: budget } = score;
  const source = caseSpec(subject, generators);
  const random: (number | null)[] = [];
  const randomPatches: string[] = [];
  for (let seed = 0; seed < SEARCHES; seed++) {
    const found = await randomSearch(source, engine, { modelSteps: budget, seed });
    const patches = Object.fromEntries(found.map(({ patch }, i) => [`held-${i}`, patch]));
    const arms = await judgedArms(
      subject,
      { asIs: {}, ...patches },
      { engine, generators },
      { seeds },
    );
    const on = yardstickOf(subject) === "valLoss" ? "loss" : "accuracy";
    const isMended = found.map((_, i) => {
      const arm = arms[`held-${i}`]?.[on];
      if (arm === undefined) return false;
      const compared = comparison(arms.asIs[on], arm, on);
      const reached = arm.reduce((sum, value) => sum + value, 0) / arm.length;
      const isClose =
        on === "loss"
          ? reached <= 1.25 * repair!.withFix
          : reached >= repair!.withFix - COUNTS_FROM;
      return isBetter(compared) && isClose;
    });
    const lastBad = isMended.lastIndexOf(false);
    const first = found[lastBad + 1];
    random.push(first?.modelSteps ?? null);
    randomPatches.push((first ?? found.at(-1))?.interventions ?? "");
  }
  return {
    id: score.id,
    doctor: repair!.verdict === "fixed" ? budget : null,
    doctorPatch: repair!.prescription,
    random,
    randomPatches,
    budget,
  };
}

export function raceLine({ id, doctor, doctorPatch, random, randomPatches, budget }: Race): string {
  const steps = (value: number | null) => (value === null ? "not" : value.toExponential(1));
  const searches = random.map((value, i) => `${steps(value)} (${randomPatches[i]})`);
  return `${id}  doctor ${steps(doctor)} (${doctorPatch.join(" + ")})  random ${searches.join(", ")}  of ${budget.toExponential(1)} model-steps`;
}

export function raceTotals(races: readonly Race[]): string {
  const searches = races.flatMap(({ random }) => random);
  const mended = (values: readonly (number | null)[]) => values.filter((v) => v !== null).length;
  const doctor = races.map((race) => race.doctor);
  const sooner = races.flatMap(({ doctor: steps, random }) =>
    steps === null ? [] : random.filter((other) => other === null || steps < other),
  );
  return [
    `${races.length} cases, ${SEARCHES} random searches each, at the model-steps of the doctor\n`,
    `mended by the doctor   ${mended(doctor)} of ${races.length}\n`,
    `by random search       ${mended(searches)} of ${searches.length}\n`,
    `searches that the doctor was sooner than, or that did not get there  ${sooner.length} of ${searches.length}\n`,
  ].join("");
}
