// A diagnosis for a terminal: the answer, the causes, the proofs, what to change. A healthy network
// gets one word and one sentence.

import {
  BECAUSE_WORDS,
  type CauseNote,
  causeName,
  causeNotes,
  learnabilityText,
  OUTCOME_WORDS,
  otherFindings,
  prescriptionNotes,
  proofGroups,
  proofText,
  rateRangeText,
  silentChecks,
} from "./diagnosis-text.ts";
import { displayWidth, fit, plainText } from "./plain-text.ts";
import type { DiagnosisReport, NamedCause, Outcome, Proof, Report } from "./report.ts";
import { sparkline } from "./sparkline.ts";
import { heading } from "./text-heading.ts";
import { labelled, notes, type Pen, paragraph, type Style, textOf } from "./text-pen.ts";
import { yamlText } from "./yaml-text.ts";

export function diagnosisAsText(report: Report, diagnosis: DiagnosisReport, pen: Pen): string {
  if (diagnosis.outcome === "healthy") return textOf([answer(diagnosis, pen)], pen);
  const dismissed = diagnosis.dismissed.map(({ id, why }) => `${causeName(id)}: ${why}`);
  const blocks = [
    heading(report, pen),
    answer(diagnosis, pen),
    causes(diagnosis, pen),
    ...proofGroups(report.proofs).map((group) => proofTable(group.measure, group.proofs, pen)),
    prescription(diagnosis, pen),
    rateRange(diagnosis, pen),
    notes("What the table can tell", [learnabilityText(diagnosis.learnability)], pen),
    notes("Suspected, and not the cause", dismissed, pen),
    notes("Seen beside", otherFindings(report, diagnosis), pen),
    notes("Not measured", silentChecks(diagnosis), pen),
  ];
  return textOf(blocks, pen);
}

const OUTCOME_STYLES: Readonly<Record<Outcome, Style>> = {
  healthy: "green",
  fixed: "green",
  helped: "yellow",
  "no-signal": "red",
  unfixable: "red",
  unexplained: "red",
};

function answer({ outcome, answer }: DiagnosisReport, pen: Pen): string[] {
  const word = OUTCOME_WORDS[outcome].toUpperCase();
  const indent = word.length + 2;
  const lines = paragraph(answer, { ...pen, width: pen.width - indent });
  return labelled(word, OUTCOME_STYLES[outcome], lines, indent, pen);
}

function causes({ causes }: DiagnosisReport, pen: Pen): string[] {
  if (causes.length === 0) return [];
  const title = causes.length === 1 ? "The cause" : "The causes, the first to mend first";
  return [pen.paint("bold", title), ...causes.flatMap((cause) => causeLines(cause, pen))];
}

const NOTE_WORDS: Readonly<Record<CauseNote["kind"], string>> = {
  for: "for",
  against: "against",
  not: "not",
};

function causeLines(cause: NamedCause, pen: Pen): string[] {
  const number = `  ${cause.rank}. `;
  const indent = " ".repeat(number.length);
  const title = `${causeName(cause.id)}, ${cause.where} (${BECAUSE_WORDS[cause.because]})`;
  const noteIndent = indent + " ".repeat("against  ".length);
  return [
    ...paragraph(title, pen, number, indent).map((line) => pen.paint("bold", line)),
    ...paragraph(cause.says, pen, indent),
    ...fewNotes(causeNotes(cause)).flatMap(({ kind, text }, i, all) => {
      const word = all[i - 1]?.kind === kind ? "" : NOTE_WORDS[kind];
      const first = indent + word.padEnd("against  ".length);
      return paragraph(text, pen, first, noteIndent).map((line) => pen.paint("dim", line));
    }),
  ];
}

/** What a terminal shows of each kind; the page has them all. */
const MOST_NOTES = 4;

function fewNotes(all: readonly CauseNote[]): CauseNote[] {
  return (["for", "against", "not"] as const).flatMap((kind) => {
    const notes = all.filter((each) => each.kind === kind);
    if (notes.length <= MOST_NOTES + 1) return notes;
    const more = { kind, text: `and ${notes.length - MOST_NOTES} more` };
    return [...notes.slice(0, MOST_NOTES), more];
  });
}

const COLUMNS = { effect: 10, interval: 20, n: 5, verdict: 11 } as const;
const NAME = { least: 12, most: 40 } as const;

function proofTable(measure: string, proofs: readonly Proof[], pen: Pen): string[] {
  const texts = proofs.map(proofText).map((row) => ({ ...row, change: plainText(row.change) }));
  const title = paragraph(`Changes, trained against the unchanged network: ${measure}`, pen);
  const widest = Math.max(NAME.least, ...texts.map(({ change }) => displayWidth(change)));
  const others = Object.values(COLUMNS).reduce((a, b) => a + b, 0);
  const room = pen.width - 4 - others;
  const lines =
    room < NAME.least
      ? texts.flatMap(({ change, verdict, effect, interval, n }) =>
          paragraph(
            `${change}: ${verdict}, ${effect} (95% ${interval}, n ${n})`,
            pen,
            "  - ",
            "    ",
          ),
        )
      : tableLines(texts, Math.min(widest, room, NAME.most), pen);
  return [...title.map((line) => pen.paint("bold", line)), ...lines];
}

function tableLines(rows: readonly ReturnType<typeof proofText>[], width: number, pen: Pen) {
  const line = ({ change, effect, interval, n, verdict }: ReturnType<typeof proofText>) =>
    [
      `  ${fit(change, width)}  `,
      effect.padEnd(COLUMNS.effect),
      interval.padEnd(COLUMNS.interval),
      n.padEnd(COLUMNS.n),
      verdict,
    ]
      .join("")
      .trimEnd();
  const head = {
    change: "",
    effect: "effect",
    interval: "95% interval",
    n: "n",
    verdict: "verdict",
  };
  return [pen.paint("dim", line(head)), ...rows.map(line)];
}

/** The loss at every rate as one line of blocks, and what it says. */
function rateRange(diagnosis: DiagnosisReport, pen: Pen): string[] {
  const { rateRange: range } = diagnosis;
  if (range === null) return [];
  const known = range.loss.filter((value) => value !== null);
  // A loss far above a constant answer's says no more than one above it.
  const [low, high] = [Math.min(...known), range.chance];
  const at = (value: number) => (high > low ? (value - low) / (high - low) : 1);
  const curve = sparkline(range.loss, range.loss.length, at, pen.isAscii);
  return [
    pen.paint("bold", "Learning rates"),
    `    ${range.rates[0]} ${curve} ${range.rates.at(-1)}`,
    ...rateRangeText(diagnosis).flatMap((text) => paragraph(text, pen, "  ")),
  ];
}

function prescription(diagnosis: DiagnosisReport, pen: Pen): string[] {
  const { prescription: prescribed } = diagnosis;
  if (prescribed === null) return [];
  const patch = yamlText(prescribed.patch).trimEnd().split("\n");
  return [
    ...paragraph(`What to change: ${prescribed.says}`, pen).map((line) => pen.paint("bold", line)),
    ...patch.map((line) => `    ${/^ */.exec(line)![0]}${plainText(line.trimStart())}`),
    ...prescriptionNotes(diagnosis).flatMap((note) => paragraph(note, pen, "  ")),
  ];
}
