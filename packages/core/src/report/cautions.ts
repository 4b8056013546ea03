// What could make the verdicts of a report meaningless, in words, most serious first. Every
// rendering shows these right below the verdicts.

import { METRIC_NAMES } from "../claims/final-value.ts";
import { intervalNumbers, shortNumber } from "../shared/number-text.ts";
import { MIN_FOR_MEDIAN_INTERVAL } from "../shared/statistics.ts";
import type { MedianDifference, Report, VariantReport } from "./report.ts";
import { count, signed } from "./summary-text.ts";

export function cautions(report: Report): string[] {
  return [interruption, chanceLevel, seedCount, notMeasured]
    .map((say) => say(report))
    .filter((caution) => caution !== undefined);
}

function interruption({ runs }: Report): string | undefined {
  if (runs.finished >= runs.planned) return undefined;
  return `Interrupted: ${runs.finished} of ${runs.planned} planned runs have finished; the rest is missing here.`;
}

/**
 * Whether the variants predict new rows better than the best constant does. A difference between
 * variants that do not is a difference in how they fit noise.
 */
function chanceLevel({ variants }: Report): string | undefined {
  const judged = Object.values(variants).filter(({ chance }) => chance !== null);
  if (judged.length === 0) return undefined;
  const measured = judged.filter((variant) => variant.againstChance.valLoss !== undefined);
  if (measured.length === 0) {
    return "No test part: nothing here says whether what was learned holds on new rows.";
  }
  // Too few seeds for an interval is a caution of its own, and no sign of a missing signal.
  if (measured.every(({ againstChance }) => againstChance.valLoss?.ci95 === null)) return undefined;
  const blind = measured.filter((variant) => !beatsChance(variant));
  if (blind.length === 0) return undefined;
  const names = blind.map(({ name }) => name);
  if (blind.length < measured.length) {
    return `After the last epoch ${joined(names)} ${names.length === 1 ? "does" : "do"} not predict new rows better than the best constant predictor.`;
  }
  const nearest = blind.reduce((a, b) => (validationGap(b) < validationGap(a) ? b : a));
  return `No signal: after the last epoch no variant predicts new rows better than the best constant predictor, so differences between variants are differences in fitting noise. ${nearestText(nearest)}`;
}

/**
 * Clearly better in validation loss or in validation accuracy: a network may be right and unsure.
 * Training seeds alone share one test part, whose own sampling error an accuracy must exceed too:
 * 1.96 sqrt(p (1 - p) / rows) around the constant's accuracy p.
 */
function beatsChance({ againstChance, chance, testRows }: VariantReport): boolean {
  const { valLoss, valAccuracy } = againstChance;
  const lossEnd = valLoss?.ci95?.[1] ?? null;
  const accuracyEnd = valAccuracy?.ci95?.[0] ?? null;
  const p = chance?.valAccuracy ?? 0;
  const margin =
    valAccuracy?.over === "training seeds" ? 1.96 * Math.sqrt((p * (1 - p)) / testRows) : 0;
  return (lossEnd !== null && lossEnd < 0) || (accuracyEnd !== null && accuracyEnd > margin);
}

function validationGap({ againstChance }: VariantReport): number {
  return againstChance.valLoss?.effect ?? Number.POSITIVE_INFINITY;
}

function nearestText({ name, againstChance, chance }: VariantReport): string {
  const { valLoss } = againstChance;
  if (valLoss === undefined || valLoss.effect === null) return "";
  const level = chance?.valLoss === undefined ? "" : ` (${shortNumber(chance.valLoss)})`;
  return `The nearest, ${name}: ${METRIC_NAMES.valLoss} ${differenceText(valLoss)} against the constant's${level}.`;
}

/** "+0.013 (95% +0.008 to +0.017, 20 data seeds)"; the sign says where it lies. */
export function differenceText({ effect, ci95, n, over }: MedianDifference): string {
  if (effect === null) return "not finite";
  const [low, high] = ci95 ?? [effect, effect];
  const ends = [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY] as const;
  const [size, ...range] = intervalNumbers(effect, ...ends).map(signed);
  const interval = ci95 === null ? "" : `95% ${range.join(" to ")}, `;
  return `${size} (${interval}${n} ${over})`;
}

function seedCount({ seeds }: Report): string | undefined {
  const { training, data } = seeds;
  if (training.length < MIN_FOR_MEDIAN_INTERVAL && data.length < MIN_FOR_MEDIAN_INTERVAL) {
    const drawn = count(data.length, seeds.folds === undefined ? "data seed" : "fold");
    return `Few seeds: ${count(training.length, "training seed")} and ${drawn}; a verdict needs ${MIN_FOR_MEDIAN_INTERVAL} of one kind.`;
  }
  if (data.length > 1) return undefined;
  return "One data set: the verdicts hold for the data as written and say nothing about another draw or another split.";
}

function notMeasured({ probes, engine }: Report): string | undefined {
  const { notMeasured: names } = probes;
  if (names.length === 0) return undefined;
  const [were, them] = names.length === 1 ? ["was", "it"] : ["were", "them"];
  return `Not measured: ${joined(names)} ${were} asked for, but the ${engine.name} engine does not measure ${them} or nothing here has ${them}.`;
}

/** "a", "a and b", "a, b and c". */
function joined(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
