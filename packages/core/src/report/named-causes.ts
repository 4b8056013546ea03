// Which causes are named, in which order and why. A cause is named when its change is proved, when it
// is certain by itself, or when the data shows it.

import type { CauseId } from "../causes/cause.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import { isProved } from "../prove/judge.ts";
import { reachedBy } from "../prove/outcome.ts";
import type { Proof } from "../prove/proof.ts";
import { percent, shortNumber } from "../shared/number-text.ts";
import type { DiagnosisMaterial } from "./diagnosis-material.ts";
import type { LearnabilityReport, NamedCause } from "./diagnosis-report.ts";

/** What accounts for a network that can learn something, the likeliest first. */
export function namedCauses(material: DiagnosisMaterial): NamedCause[] {
  return inOrder(ranked(material).map(namedOf));
}

/** That the features do not tell the labels, and first why where it is plain: none of them varies. */
export function hopelessCauses({ situation }: DiagnosisMaterial): NamedCause[] {
  const why = situation.suspects
    .filter(({ id, certain }) => id === "constant-features" && certain)
    .map((suspect) => namedOf({ suspect, because: "certain" }));
  return inOrder([...why, noSignal(situation.learnable)]);
}

type Unranked = Omit<NamedCause, "rank">;

function inOrder(causes: readonly Unranked[]): NamedCause[] {
  return causes.map((cause, i) => ({ ...cause, rank: i + 1 }));
}

interface Ranked {
  readonly suspect: Suspect;
  readonly because: NamedCause["because"];
  readonly score: number;
  /** The proof that speaks for it, where one does. */
  readonly proof: Proof | undefined;
}

/** What a data fault weighs that no change of a spec can mend. */
const DATA_CAUSES: readonly CauseId[] = ["class-imbalance", "label-noise", "too-little-data"];
/** Training rows that a mended network gets right; with labels that are wrong it could not. */
const LEARNS_ALL = 0.9;
/** A suspect of this weight is named when its own change is proved, prescribed or not. */
const STRONG = 2;
/** Share of what can be gained: a change that leaves more than half of it undone mends a symptom. */
const MOST = 0.5;

/**
 * Above every other score: nothing else matters until the network can be trained, or while rows are
 * too few to tell others by.
 */
const COMES_FIRST = 10;

function ranked({ proved, situation, repair }: DiagnosisMaterial): Ranked[] {
  const finals = proved?.finals ?? [];
  const largest = Math.max(0, ...finals.map(({ proof }) => proof.effect ?? 0));
  const missed = missedCauses(proved);
  const onlyLearns = situation.judging === "test" && proved?.best?.proof.on === "training";
  const prescribed = new Set(
    situation.suspects
      .filter(
        ({ id, weight }) =>
          missed.has(id) || (isPart(id, proved) && weight >= STRONG && !isSpare(id, proved)),
      )
      .map(({ id }) => id),
  );
  return situation.suspects
    .flatMap((suspect): Ranked[] => {
      const own = finals.filter(
        ({ arm, proof }) =>
          isProved(proof) &&
          (arm.parts.length === 1
            ? arm.parts[0].causes.includes(suspect.id)
            : arm === proved?.best?.arm && prescribed.has(suspect.id)),
      );
      const proof = own.map((final) => final.proof).sort((a, b) => b.effect! - a.effect!)[0];
      const isPrescribed = prescribed.has(suspect.id);
      const share = proof === undefined || largest === 0 ? 0 : proof.effect! / largest;
      const isNamed =
        suspect.certain || isPrescribed || (share >= MOST && suspect.weight >= STRONG);
      const isData =
        DATA_CAUSES.includes(suspect.id) &&
        suspect.weight >= STRONG &&
        !(suspect.id === "label-noise" && learnsAll(proved));
      if (!isNamed && !isData) return [];
      return [
        {
          suspect,
          proof,
          because: proof !== undefined ? "proved" : suspect.certain ? "certain" : "data",
          score:
            2 * share +
            Math.log2(1 + suspect.weight) / 2 +
            (isPrescribed ? 0.5 : 0) +
            (suspect.id === "label-encoding" && repair !== undefined ? COMES_FIRST : 0) +
            (suspect.id === "too-little-data" && onlyLearns ? COMES_FIRST : 0) +
            (suspect.certain ? 0.5 : 0),
        },
      ];
    })
    .sort((a, b) => b.score - a.score);
}

function isPart(id: CauseId, proved: DiagnosisMaterial["proved"]): boolean {
  return proved?.best?.arm.parts.some(({ causes }) => causes[0] === id) ?? false;
}

/**
 * The causes whose change is prescribed and, of several changes, missed when it is left out; the
 * heaviest part's where no single one is, or where leaving them out would have taken too long.
 */
function missedCauses(proved: DiagnosisMaterial["proved"]): Set<CauseId> {
  const parts = proved?.best?.arm.parts ?? [];
  const ablation = proved?.ablation ?? [];
  const isMissed = (id: CauseId) => ablation.some((proof) => proof.cause === id && isProved(proof));
  const missed = parts.map(({ causes }) => causes[0]).filter(isMissed);
  if (missed.length > 0) return new Set(missed);
  const [heaviest] = parts.toSorted((a, b) => b.weight - a.weight);
  return new Set(heaviest?.causes.slice(0, 1));
}

/** Less than that is no effect; half of what the published benchmark counts as one. */
const SPARE = 0.01;

/** Whether another change of the prescription is missed, and leaving this one out costs nothing. */
function isSpare(id: CauseId, proved: DiagnosisMaterial["proved"]): boolean {
  const ablation = proved?.ablation ?? [];
  const own = ablation.filter(({ cause }) => cause === id);
  return ablation.some(isProved) && own.length > 0 && own.every(({ effect }) => effect! < SPARE);
}

/** Whether the mended network agrees with the labels it was trained on. */
function learnsAll(proved: DiagnosisMaterial["proved"]): boolean {
  const runs = proved?.bestRuns?.runs ?? [];
  return runs.length > 0 && reachedBy({ runs }, "training") >= LEARNS_ALL;
}

function namedOf({ suspect, because }: Pick<Ranked, "suspect" | "because">): Unranked {
  const { weight, changes, ...cause } = suspect;
  return { ...cause, because, interventions: [...new Set(changes.map(({ id }) => id))] };
}

function noSignal({ best, p }: LearnabilityReport): Unranked {
  const tested =
    p === null ? [] : [`label-permutation test of ${best.name}: p = ${shortNumber(p, 2)}`];
  return {
    id: "no-signal",
    where: "data",
    says: "The features do not tell the labels: no architecture and no learning rate can help.",
    because: "data",
    certain: true,
    findings: [],
    evidence: [`best simple method: ${best.name}, ${percent(best.accuracy)}`, ...tested],
    against: [],
    ruledOut: [],
    interventions: [],
  };
}
