// The sections of a diagnosis in Markdown (GitHub's).

import {
  BECAUSE_WORDS,
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
import { kerasCode } from "./keras-code.ts";
import { codeBlock, escapeMarkdown, list, markdownTable } from "./markdown.ts";
import type { DiagnosisReport, Report } from "./report.ts";
import { specText, yamlText } from "./yaml-text.ts";

/** Of a healthy network the answer alone. */
export function diagnosisSections(report: Report, diagnosis: DiagnosisReport): string[] {
  const { outcome, answer } = diagnosis;
  const head = `**${capital(OUTCOME_WORDS[outcome])}.** ${escapeMarkdown(answer)}`;
  if (outcome === "healthy") return [head];
  return [
    head,
    causes(diagnosis),
    proofs(report),
    prescription(diagnosis),
    list("## Learning rates", rateRangeText(diagnosis)),
    list("## What the table can tell", [learnabilityText(diagnosis.learnability)]),
    list(
      "## Suspected, and not the cause",
      diagnosis.dismissed.map(({ id, why }) => `${causeName(id)}: ${why}`),
    ),
    list("## Seen beside", otherFindings(report, diagnosis)),
    list("## Not measured", silentChecks(diagnosis)),
  ];
}

function causes({ causes }: DiagnosisReport): string {
  if (causes.length === 0) return "";
  const items = causes.map((cause) => {
    const title = `${causeName(cause.id)}, ${cause.where}`;
    const notes = causeNotes(cause).map(
      ({ kind, text }) => `\n   - ${kind}: ${escapeMarkdown(text)}`,
    );
    return `${cause.rank}. **${escapeMarkdown(title)}** (${BECAUSE_WORDS[cause.because]})<br>${escapeMarkdown(cause.says)}${notes.join("")}`;
  });
  return `## Causes\n\n${items.join("\n")}`;
}

function proofs({ proofs }: Report): string {
  if (proofs.length === 0) return "";
  const tables = proofGroups(proofs).map(({ measure, proofs: members }) => {
    const rows = members.map((proof) => {
      const { change, effect, interval, n, verdict } = proofText(proof);
      return [change, causeName(proof.cause), effect, interval, n, verdict];
    });
    const head = ["change", "against", "effect", "95% interval", "n", "verdict"];
    return `Changes, trained against the unchanged network: ${measure}.\n\n${markdownTable(head, rows)}`;
  });
  return `## Proofs\n\n${tables.join("\n\n")}`;
}

function prescription(diagnosis: DiagnosisReport): string {
  const { prescription: prescribed } = diagnosis;
  if (prescribed === null) return "";
  return [
    "## What to change",
    escapeMarkdown(capital(prescribed.says)),
    codeBlock("yaml", yamlText(prescribed.patch)),
    prescriptionNotes(diagnosis)
      .map((note) => `- ${escapeMarkdown(note)}`)
      .join("\n"),
    folded("The corrected spec", codeBlock("yaml", specText(prescribed.spec))),
    folded("The same in Keras", codeBlock("python", kerasCode(prescribed.spec))),
  ].join("\n\n");
}

function folded(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}
