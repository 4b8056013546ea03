// The sections of a diagnosis for report.html: answer, causes, proofs, what to change, and what of
// the network's training shows it.

import {
  BECAUSE_WORDS,
  type CauseNote,
  capital,
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
import { row, table, twoSizes } from "./html-parts.ts";
import { kerasCode } from "./keras-code.ts";
import { escapeMarkup } from "./markup.ts";
import type { DiagnosisReport, NamedCause, Proof, Report, VariantReport } from "./report.ts";
import { count } from "./summary-text.ts";
import { confusionPlot } from "./svg/confusion-plot.ts";
import { type ForestRow, forestPlot } from "./svg/forest-plot.ts";
import { linePlot } from "./svg/line-plot.ts";
import { specText, yamlText } from "./yaml-text.ts";

/** In the order of the page; what a network's curves say stands in sections of their own. */
export function diagnosisSections(report: Report, diagnosis: DiagnosisReport): string[] {
  if (diagnosis.outcome === "healthy") return [answer(diagnosis)];
  return [
    answer(diagnosis),
    causes(diagnosis),
    proofs(report),
    prescription(diagnosis),
    rateRange(diagnosis),
    learnability(diagnosis),
    listSection(
      "Suspected, and not the cause",
      diagnosis.dismissed.map(({ id, why }) => `${causeName(id)}: ${why}`),
    ),
    listSection("Seen beside", otherFindings(report, diagnosis)),
    listSection("Not measured", silentChecks(diagnosis)),
  ];
}

function answer({ outcome, answer, modelSteps }: DiagnosisReport): string {
  const word = OUTCOME_WORDS[outcome];
  const steps = `${modelSteps.toLocaleString("en")} training steps of single networks stand behind it.`;
  return `<section class="answer ${outcome}"><p class="outcome">${capital(word)}</p><p class="lead">${escapeMarkup(answer)}</p><p class="quiet">${steps}</p></section>`;
}

function causes({ causes }: DiagnosisReport): string {
  if (causes.length === 0) return "";
  const title = causes.length === 1 ? "The cause" : "The causes, the first to mend first";
  return `<section><h2>${title}</h2><ol class="causes">${causes.map(causeItem).join("")}</ol></section>`;
}

const NOTE_WORDS: Readonly<Record<CauseNote["kind"], string>> = {
  for: "for it",
  against: "against it",
  not: "ruled out",
};

function causeItem(cause: NamedCause): string {
  const { id, where, because, says } = cause;
  const notes = causeNotes(cause).map(({ kind, text }, i, all) => {
    const term = all[i - 1]?.kind === kind ? "" : `<dt>${NOTE_WORDS[kind]}</dt>`;
    return `${term}<dd>${escapeMarkup(text)}</dd>`;
  });
  const list = notes.length === 0 ? "" : `<dl class="evidence">${notes.join("")}</dl>`;
  return `<li><h3>${escapeMarkup(causeName(id))} <span class="where">${escapeMarkup(where)}</span></h3><p class="quiet">${capital(BECAUSE_WORDS[because])}</p><p>${escapeMarkup(says)}</p>${list}</li>`;
}

/** As wide as its column: names and verdicts stand on both sides of it. */
const FOREST_WIDTH = 700;

function proofs({ proofs }: Report): string {
  if (proofs.length === 0) return "";
  const groups = proofGroups(proofs).map(({ measure, proofs: members }) => {
    const rows = members.map((proof) => {
      const { change, effect, interval, n, verdict } = proofText(proof);
      return row(
        [change, causeName(proof.cause), verdict],
        [effect, interval, n, failedText(proof.baseline), failedText(proof.treated)],
      );
    });
    const head = [
      "change",
      "against",
      "verdict",
      "effect",
      "95% interval",
      "n",
      "failed before",
      "after",
    ];
    const plot = twoSizes(({ name, width }) =>
      forestPlot({
        description: forestDescription(measure, members),
        label: "after the change minus before it",
        rows: members.map(forestRow),
        width: name === "wide" ? FOREST_WIDTH : width,
      }),
    );
    return `<h3>${escapeMarkup(capital(measure))}</h3><figure class="forest">${plot}</figure><details><summary>Numbers</summary>${table(head, rows)}</details>`;
  });
  const note =
    "Each change was trained against the unchanged network on the same seeds and batches; the dot is the mean difference, the line its 95% interval.";
  return `<section><h2>What was tried</h2><p class="quiet">${note}</p>${groups.join("")}</section>`;
}

function failedText({ failed: { k, n } }: Proof["baseline"]): string {
  return `${k} of ${n}`;
}

function forestRow(proof: Proof): ForestRow {
  const { effect, ci95, verdict } = proof;
  const isBetter = verdict === "fixes" || verdict === "helps";
  const text = proofText(proof);
  return {
    name: text.change,
    verdict: text.verdict,
    mark: isBetter ? "better" : verdict === "harms" ? "worse" : "open",
    effect,
    interval: ci95,
  };
}

/** "Change in accuracy by change: standardize +0.42 (fixes), ..." */
function forestDescription(measure: string, proofs: readonly Proof[]): string {
  const parts = proofs.map((proof) => {
    const { change, effect, verdict } = proofText(proof);
    return `${change} ${effect} (${verdict})`;
  });
  return `Effect of each change on ${measure}: ${parts.join(", ")}.`;
}

function prescription(diagnosis: DiagnosisReport): string {
  const { prescription: prescribed } = diagnosis;
  if (prescribed === null) return "";
  const notes = prescriptionNotes(diagnosis).map((note) => `<li>${escapeMarkup(note)}</li>`);
  return [
    `<section><h2>What to change</h2><p>${escapeMarkup(capital(prescribed.says))}.</p>`,
    `<pre>${escapeMarkup(yamlText(prescribed.patch))}</pre>`,
    `<ul>${notes.join("")}</ul>`,
    folded("The corrected spec", specText(prescribed.spec)),
    folded("The same in Keras", kerasCode(prescribed.spec)),
    "</section>",
  ].join("");
}

function rateRange(diagnosis: DiagnosisReport): string {
  const { rateRange: range } = diagnosis;
  if (range === null) return "";
  const [says] = rateRangeText(diagnosis);
  const { rates, loss, steps, chance } = range;
  const plot = twoSizes(({ width, height }) =>
    linePlot({
      description: `Training loss after ${steps} steps at each learning rate: ${says}`,
      xLabel: "learning rate; a gap is a loss that is not finite",
      yLabel: `loss after ${steps} steps`,
      lines: [{ name: "loss", values: loss }],
      xTicks: rates.flatMap((rate, i) => (i % 2 === 0 ? [{ at: i + 1, label: String(rate) }] : [])),
      reference: { value: chance, label: "a constant answer" },
      width,
      height,
    }),
  );
  return `<section><h2>Learning rates</h2><p>${escapeMarkup(says)}</p><div class="plots"><figure>${plot}</figure></div></section>`;
}

function folded(title: string, code: string): string {
  return `<details><summary>${title}</summary><pre>${escapeMarkup(code)}</pre></details>`;
}

function learnability({ learnability }: DiagnosisReport): string {
  const rows = learnability.baselines.map(({ name, accuracy, ci95 }) => {
    const { effect, interval } = accuracyText(accuracy, ci95);
    return row([name], [effect, interval]);
  });
  const numbers = table(["simple model", "accuracy on new rows", "95% interval"], rows);
  return `<section><h2>What the table can tell</h2><p>${escapeMarkup(learnabilityText(learnability))}</p><details><summary>Simple models</summary>${numbers}</details></section>`;
}

function accuracyText(accuracy: number, [low, high]: readonly [number, number]) {
  const [effect, ...ends] = [accuracy, low, high].map((value) => value.toFixed(3));
  return { effect, interval: ends.join(" to ") };
}

function listSection(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const list = items.map((item) => `<li>${escapeMarkup(item)}</li>`).join("");
  return `<section><h2>${title}</h2><ul>${list}</ul></section>`;
}

/** Gradient norms by layer, and which classes were taken for which, of every variant that has them. */
export function signalSections({ variants }: Report): string[] {
  const all = Object.values(variants);
  return [gradients(all), confusions(all)];
}

function gradients(variants: readonly VariantReport[]): string {
  const figures = variants.flatMap(({ name, gradients }) => {
    if (gradients === undefined) return [];
    const { everySteps, layers } = gradients;
    const lines = layers.map(({ median, low, high }, layer) => ({
      name: layerName(layer, layers.length),
      values: median,
      low,
      high,
    }));
    const ends = lines.map(
      ({ name, values }) => `${name} ${values.at(-1)?.toPrecision(3) ?? "none"}`,
    );
    const plot = twoSizes(({ width, height }) =>
      linePlot({
        description: `Gradient norm of each layer of ${name}, last values: ${ends.join(", ")}.`,
        xLabel: everySteps === 1 ? "step" : `probe, one in ${everySteps} steps`,
        yLabel: `${name}: gradient norm`,
        lines,
        width,
        height,
      }),
    );
    return [`<figure>${plot}</figure>`];
  });
  if (figures.length === 0) return "";
  const legend =
    "The norm of each layer's gradient, median over the seeds. Layers far below the output's do not learn; norms that grow without end explode.";
  return `<section><h2>Gradients by layer</h2><p class="quiet">${legend}</p><div class="plots">${figures.join("")}</div></section>`;
}

function layerName(layer: number, layers: number): string {
  return layer === layers - 1 ? "output" : `layer ${layer + 1}`;
}

/** More classes make cells that nobody can read. */
const MOST_CLASSES = 20;

function confusions(variants: readonly VariantReport[]): string {
  const figures = variants.flatMap((variant) => {
    const { name, confusion, seeds } = { ...variant, seeds: variant.final.loss.n };
    const counts = confusion?.valConfusion ?? confusion?.confusion;
    if (counts === undefined || counts.length > MOST_CLASSES) return [];
    const part = confusion?.valConfusion === undefined ? "training part" : "test part";
    const classes = counts.map((_, k) => variant.classes?.[k] ?? String(k));
    const shares = counts.map((row, k) => {
      const total = row.reduce((a, b) => a + b, 0);
      return `${classes[k]} ${total === 0 ? "has no rows" : `${Math.round((100 * row[k]) / total)}%`}`;
    });
    const plot = twoSizes(({ width }) =>
      confusionPlot({
        description: `Share of each class of the ${part} that ${name} gets right, over ${count(seeds, "seed")}: ${shares.join(", ")}.`,
        title: `${name}, ${part}`,
        classes,
        counts,
        width,
      }),
    );
    return [`<figure>${plot}</figure>`];
  });
  if (figures.length === 0) return "";
  return `<section><h2>Which class is taken for which</h2><p class="quiet">Shares of each true class after the last epoch, all seeds together.</p><div class="plots">${figures.join("")}</div></section>`;
}
