// What the rows themselves show, as findings: labels that look wrong, a test part whose labels look
// better than those of the training part, and whether more rows would help. A network that does well
// has answered the last, so that it is asked only where one does not; wrong labels do not show in how
// well a network does on more of them.

import type { Dataset } from "../dataset/dataset.ts";
import type { Finding } from "../lint/finding.ts";
import { percent } from "../shared/number-text.ts";
import { dataLearningCurve } from "./data-learning-curve.ts";
import { type SuspectLabels, suspectLabels } from "./suspect-labels.ts";
import { type TestPartEasier, testPartEasier } from "./test-part-easier.ts";

/** Their ids, and what each looks for, for a list of checks; each has a page in docs/checks. */
export const DATA_CHECKS = [
  { id: "suspect-labels", title: "Labels that their surroundings contradict" },
  { id: "test-part-easier", title: "Test rows that are easier than new training rows" },
  { id: "more-rows-help", title: "Simple methods that still gain from more rows" },
] as const;

/** Rows that are listed by number. */
const MOST_LISTED = 10;

/**
 * Of a network that does as well as others do, so much noise that an overlap in many columns, which
 * neighbours see badly, is no explanation: of 36 healthy networks one comes to 0.08.
 */
const CLEARLY_NOISY = 0.1;

/** What simple methods say of the labels, whatever becomes of the network. */
export interface AskedLabels {
  readonly suspect: SuspectLabels;
  /** Undefined where there are no rows to ask about. */
  readonly testPart: TestPartEasier | undefined;
}

export function askLabels(dataset: Dataset): AskedLabels {
  return { suspect: suspectLabels(dataset), testPart: testPartEasier(dataset) };
}

/** @param isIll Whether something else says that the network does badly. */
export function labelFindings(
  { suspect, testPart }: AskedLabels,
  { classes }: Dataset,
  variants: readonly string[],
  { isIll }: { readonly isIll: boolean },
): Finding[] {
  return [
    ...asFindings(suspectLabelsFinding(suspect, classes, isIll ? 0 : CLEARLY_NOISY), variants),
    ...asFindings(testPartFinding(testPart), variants),
  ];
}

export function rowFindings(dataset: Dataset, variants: readonly string[]): Finding[] {
  return asFindings(moreRowsFinding(dataset), variants);
}

function asFindings(seen: Seen | undefined, variants: readonly string[]): Finding[] {
  return seen === undefined ? [] : [{ ruledOut: [], interventions: [], ...seen, variants }];
}

type Seen = Pick<Finding, "severity" | "where" | "says" | "evidence"> & {
  readonly id: (typeof DATA_CHECKS)[number]["id"];
};

function suspectLabelsFinding(
  { verdict, rate, ci95, deepRows, suspects }: SuspectLabels,
  classes: Dataset["classes"],
  least: number,
): Seen | undefined {
  if (verdict !== "noisy" || ci95[0] < least) return undefined;
  const listed = suspects
    .slice(0, MOST_LISTED)
    .map(
      ({ row, given, likely }) => `row ${row}: ${classes[given]}, among rows of ${classes[likely]}`,
    );
  return {
    id: "suspect-labels",
    severity: "warning",
    where: "data.source.labels",
    says: `About ${percent(rate)} of the labels look wrong: deep inside the classes, where overlap explains nothing, the rows around them have another.`,
    evidence: [
      `contradicted by their neighbours: ${percent(rate)} of ${deepRows} rows far from where classes meet (95% ${percent(ci95[0])} to ${percent(ci95[1])})`,
      ...(listed.length === 0 ? [] : [`first of the training part: ${listed.join("; ")}`]),
    ],
  };
}

function testPartFinding(asked: TestPartEasier | undefined): Seen | undefined {
  if (asked === undefined || !asked.isEasier) return undefined;
  const { method, training, test, testRows } = asked;
  return {
    id: "test-part-easier",
    severity: "warning",
    where: "data.source.labels",
    says: `What the training rows tell is right about ${percent(test)} of the test rows and about ${percent(training)} of training rows that were kept back: labels of the training part are wrong, or its rows are harder.`,
    evidence: [
      `${method}: ${percent(training)} of the training rows, each from the other folds; ${percent(test)} of ${testRows} test rows, from the same folds`,
    ],
  };
}

function moreRowsFinding(dataset: Dataset): Seen | undefined {
  const { baseline, points, isRising } = dataLearningCurve(dataset);
  if (!isRising) return undefined;
  const text = points.map(({ rows, accuracy }) => `${percent(accuracy)} of ${rows}`).join(", ");
  return {
    id: "more-rows-help",
    severity: "note",
    where: "data",
    says: `More rows are likely to help: ${baseline} still gains from the second half of these.`,
    evidence: [`right by rows learned from: ${text}`],
  };
}
