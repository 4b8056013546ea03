// An evaluation as a line per case and totals, for a terminal, and as Markdown for the table that is
// committed.

import type { CaseScore, RepairScore } from "./case-score.ts";
import type { Breakdown, Totals } from "./totals.ts";

/** "ok    so-1  1 output-activation  fixed .50 -> .86 (fix .86)  1.2 s" */
export function caseLine(score: CaseScore): string {
  if (score.status === "refused" || score.status === "lint-only") {
    return `${score.status.padEnd(9)} ${score.id}  ${score.reason}`;
  }
  const parts = [
    `${verdictOf(score).padEnd(9)} ${score.id}`,
    score.kind === "control" ? "control" : `${score.kind}: ${score.roots.join(" ")}`,
    score.status === "failed" ? `failed: ${score.reason}` : namedText(score),
    ...(score.repair ? [repairText(score.repair)] : []),
    ...(score.claim?.holds === false ? ["FALSE CLAIM"] : []),
    `${score.seconds.toFixed(1)} s`,
  ];
  return parts.join("  ");
}

/** One word for a case: what a reader looks for down the column. */
export function verdictOf({ kind, rank, repair, claim, falseAlarm, status }: CaseScore): string {
  if (status === "failed") return "failed";
  if (claim?.holds === false) return "claim";
  if (kind === "control") return falseAlarm ? "alarm" : "ok";
  if (kind === "ambiguous") return "ok";
  if (rank === null) return "missed";
  if (repair !== null && repair.verdict !== "fixed" && kind === "faulty") return "unmended";
  return rank === 1 ? "ok" : `rank ${rank}`;
}

export function totalsText(totals: Totals, breakdown: Breakdown): string {
  const { strict, faulty, repairs, claims, causes } = breakdown;
  const lines: [string, string][] = [
    ["cases diagnosed", `${totals.n}`],
    [
      "not diagnosed",
      `${breakdown.refused} refused, ${breakdown.lintOnly} only linted, ${breakdown.failed} failed (counted as missed)`,
    ],
    [
      "a right cause at rank 1",
      `${percent(totals.recallRank1)} of ${faulty} faulty cases (${percent(strict.recallRank1)} without proofs)`,
    ],
    ["within 3", `${percent(totals.recallTop3)} (${percent(strict.recallTop3)})`],
    [
      "precision of named causes",
      `${percent(totals.precision)} (${percent(strict.precision)}): ${causes.right} right, ${causes.rightByProof} by proof, ${causes.wrong} wrong, ${causes.neutral} neutral`,
    ],
    ["false alarms on controls", `${totals.falseAlarmsOnControls} of ${totals.controls}`],
    ["proven fix", `${percent(totals.provenFix)}: ${repairs.fixed} of ${repairs.asked}`],
    ["false claims", `${totals.falseClaims} of ${claims}`],
    ["seconds of diagnosis", totals.seconds.toFixed(1)],
    ["model-steps of diagnosis", breakdown.modelSteps.toExponential(2)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

/** A heading is left to the one who knows what was evaluated. */
export function evaluationMarkdown(
  scores: readonly CaseScore[],
  totals: Totals,
  breakdown: Breakdown,
): string {
  const rows = scores.map((score) => [
    score.id,
    score.kind === "control" ? "control" : `${score.roots.join(" ")} (${score.kind})`,
    score.status === "scored" ? namedText(score) : `${score.status}: ${score.reason}`,
    score.repair ? repairText(score.repair) : "",
    score.status === "scored" || score.status === "failed" ? verdictOf(score) : score.status,
    score.seconds === 0 ? "" : score.seconds.toFixed(1),
  ]);
  const header = ["case", "faults", "named, in rank order", "repair", "", "s"];
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |\n`;
  return [
    `\`\`\`\n${totalsText(totals, breakdown)}\`\`\`\n\n`,
    line(header),
    `|${" --- |".repeat(header.length)}\n`,
    ...rows.map(line),
  ].join("");
}

function namedText({ named, outcome }: CaseScore): string {
  if (named.length === 0) return outcome ?? "nothing";
  return named.map(({ id, counts }) => `${id} (${counts})`).join(", ");
}

function repairText({
  verdict,
  yardstick,
  asIs,
  treated,
  withFix,
  prescription,
}: RepairScore): string {
  const unit = yardstick === "accuracy" ? "" : ` ${yardstick}`;
  const from = `${verdict}${unit} ${short(asIs.mean)}`;
  if (treated === null) return `${from}, fix ${short(withFix)}`;
  return `${from} -> ${short(treated.mean)}, fix ${short(withFix)}, by ${prescription.join(" + ")}`;
}

function short(value: number): string {
  return value.toFixed(3).replace(/^0\./, ".");
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(100 * share).toFixed(0)}%`;
}

function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}
