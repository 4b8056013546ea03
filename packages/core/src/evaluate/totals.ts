// The totals of an evaluation, and what stands behind each.

import type { CaseScore } from "./case-score.ts";

/** Shares are null where nothing was there to be counted. */
export interface Totals {
  /** Cases that were diagnosed. */
  readonly n: number;
  /** Share of the faulty cases whose first cause is right; `FAULTY` says which are counted. */
  readonly recallRank1: number | null;
  readonly recallTop3: number | null;
  /** Of all causes that were named and are not neutral, the share that is right. */
  readonly precision: number | null;
  readonly falseAlarmsOnControls: number;
  readonly controls: number;
  /** Of the faulty cases that a fix is proved to mend, the share that the prescription mends. */
  readonly provenFix: number | null;
  /** Claimed improvements that are not there on fresh seeds, or on fresh data. */
  readonly falseClaims: number;
  /** Of all diagnoses. */
  readonly seconds: number;
}

export interface Breakdown {
  /** Without what is right by a proof alone. */
  readonly strict: Pick<Totals, "recallRank1" | "recallTop3" | "precision">;
  readonly faulty: number;
  readonly repairs: { readonly asked: number; readonly fixed: number };
  readonly claims: number;
  readonly causes: Readonly<Record<"right" | "rightByProof" | "neutral" | "wrong", number>>;
  readonly lintOnly: number;
  readonly refused: number;
  readonly failed: number;
  readonly modelSteps: number;
}

/** Kinds of cases that have something to name: of a likely or an oracle's fix the cause is known. */
const FAULTY = ["faulty", "likely", "oracle"];

export function totalsOf(scores: readonly CaseScore[]): { totals: Totals; breakdown: Breakdown } {
  const judged = scores.filter(({ status }) => status === "scored" || status === "failed");
  const faulty = judged.filter(({ kind }) => FAULTY.includes(kind));
  const controls = judged.filter(({ kind }) => kind === "control");
  const repairs = judged.flatMap(({ kind, repair }) =>
    kind === "faulty" && repair !== null ? [repair] : [],
  );
  const named = judged.flatMap((score) => score.named.map(({ counts }) => counts));
  const count = (...kinds: string[]) => named.filter((counts) => kinds.includes(counts)).length;
  const [listed, proved, wrong] = [count("root", "listed"), count("proved"), count("wrong")];
  const recall = (within: number, rank: "rank" | "strictRank") =>
    share(faulty.filter((score) => (score[rank] ?? Infinity) <= within).length, faulty.length);
  const fixed = repairs.filter(({ verdict }) => verdict === "fixed").length;
  return {
    totals: {
      n: judged.length,
      recallRank1: recall(1, "rank"),
      recallTop3: recall(3, "rank"),
      precision: share(listed + proved, listed + proved + wrong),
      falseAlarmsOnControls: controls.filter(({ falseAlarm }) => falseAlarm).length,
      controls: controls.length,
      provenFix: share(fixed, repairs.length),
      falseClaims: judged.filter(({ claim }) => claim?.holds === false).length,
      seconds: sum(judged.map(({ seconds }) => seconds)),
    },
    breakdown: {
      strict: {
        recallRank1: recall(1, "strictRank"),
        recallTop3: recall(3, "strictRank"),
        precision: share(listed, listed + proved + wrong),
      },
      faulty: faulty.length,
      repairs: { asked: repairs.length, fixed },
      claims: judged.filter(({ claim }) => claim !== null).length,
      causes: { right: listed, rightByProof: proved, neutral: count("neutral"), wrong },
      lintOnly: scores.filter(({ status }) => status === "lint-only").length,
      refused: scores.filter(({ status }) => status === "refused").length,
      failed: scores.filter(({ status }) => status === "failed").length,
      modelSteps: sum(judged.map(({ modelSteps }) => modelSteps)),
    },
  };
}

function share(k: number, n: number): number | null {
  return n === 0 ? null : k / n;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
