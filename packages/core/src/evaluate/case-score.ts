// What an evaluation says of one case, as data.

import type { NamedCause, Outcome } from "../report/diagnosis-report.ts";

export interface CaseScore {
  readonly id: string;
  readonly title: string;
  /**
   * scored: diagnosed. lint-only: the file gives it no training. refused: no network here can be what
   * it asks for. failed: the diagnosis itself broke down, which counts as one that names nothing.
   */
  readonly status: "scored" | "lint-only" | "refused" | "failed";
  /** Why it is refused, or what broke; of a case that is only linted, what lint says. */
  readonly reason: string;
  readonly kind: CaseKind;
  /** Codes of the root faults; empty for a control. */
  readonly roots: readonly string[];
  readonly outcome: Outcome | null;
  readonly answer: string;
  readonly named: readonly ScoredCause[];
  /** Rank of the first cause that is right; null: none is. */
  readonly rank: number | null;
  /** The same without causes that are right by a proof alone. */
  readonly strictRank: number | null;
  readonly repair: RepairScore | null;
  readonly claim: ClaimScore | null;
  /** Of a control: something is named, and no improvement stands behind it. */
  readonly falseAlarm: boolean;
  readonly modelSteps: number;
  /** Of the diagnosis; judging it is not counted. */
  readonly seconds: number;
}

/**
 * faulty: a fix is proved to mend it. likely: a fix helps, less surely. oracle: only knowledge that
 * no tool has can mend it. ambiguous: the published fault or fix has no effect. control: no fault.
 */
export type CaseKind = "faulty" | "likely" | "oracle" | "ambiguous" | "control";

export interface ScoredCause extends Pick<NamedCause, "id" | "rank" | "because"> {
  readonly counts: CauseCounts;
  /** Which code, which change, or what the proof measured. */
  readonly why: string;
}

/**
 * root: it names a root fault. listed: its change is among those that the file found to help. proved:
 * its change helps as much on fresh seeds. neutral: a contributing fault or a consequence. wrong: the
 * rest.
 */
export type CauseCounts = "root" | "listed" | "proved" | "neutral" | "wrong";

/** A network over fresh seeds, by the yardstick of its case. */
export interface Measured {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
}

export interface RepairScore {
  /** fixed: within 0.02 of the published fix, or better, and better than as it stood. */
  readonly verdict: "fixed" | "short" | "nothing-prescribed";
  readonly prescription: readonly string[];
  readonly yardstick: Yardstick;
  readonly asIs: Measured;
  readonly treated: Measured | null;
  readonly withFix: number;
  readonly p: number | null;
}

export type Yardstick = "accuracy" | "trainAccuracy" | "valLoss";

/** Whether a claimed improvement is there on seeds that the diagnosis has not seen. */
export interface ClaimScore {
  readonly holds: boolean;
  readonly on: "accuracy" | "balancedAccuracy" | "loss";
  readonly effect: number;
  readonly p: number;
  /** Mean difference over fresh rows of the same kind; null where there are none, or it is not asked. */
  readonly freshData: number | null;
}
