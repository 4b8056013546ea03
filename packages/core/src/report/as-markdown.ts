// Report -> Markdown (GitHub's), for issues, pull requests and notes.

import { cautions, differenceText } from "./cautions.ts";
import { diagnosisSections } from "./diagnosis-as-markdown.ts";
import { findingGroups, findingPlace, tryText } from "./finding-text.ts";
import { escapeMarkdown, list, markdownTable } from "./markdown.ts";
import type { Report } from "./report.ts";
import {
  count,
  METRIC_NAMES,
  measuredMetrics,
  rateText,
  seedsText,
  summaryText,
} from "./summary-text.ts";

export function asMarkdown(report: Report): string {
  const { diagnosis } = report;
  const title = `# ${escapeMarkdown(report.title)}`;
  const summary = escapeMarkdown(summaryLine(report));
  const numbers = [finals(report), rates(report)];
  const sections =
    diagnosis === undefined
      ? [
          title,
          summary,
          verdicts(report),
          list("## Before you quote a verdict", cautions(report)),
          findings(report),
          list("## Proofs", proofs(report)),
          ...numbers,
        ]
      : [
          title,
          ...diagnosisSections(report, diagnosis),
          ...(diagnosis.outcome === "healthy" ? [] : numbers),
          summary,
        ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function summaryLine(report: Report): string {
  const { name, engine, runs, variants } = report;
  return `${name}: ${count(Object.keys(variants).length, "variant")}, ${count(runs.finished, "run")} over ${seedsText(report)}, on ${engine.name} (${engine.adapter}; ${engine.reason}).`;
}

function verdicts({ claims }: Report): string {
  if (claims.length === 0) return "";
  const items = claims.map(
    ({ verdict, text, says }) =>
      `- **${verdict}**: ${escapeMarkdown(text)}<br>${escapeMarkdown(says)}`,
  );
  return `## Verdicts\n\n${items.join("\n")}`;
}

function findings(report: Report): string {
  const groups = findingGroups(report.findings).map(({ title, findings }) => {
    const items = findings.map((finding) => {
      const notes = [
        finding.says,
        ...finding.ruledOut.map((text) => `Ruled out: ${text}.`),
        tryText(finding),
      ].filter((note) => note !== "");
      const place = escapeMarkdown(findingPlace(finding, Object.keys(report.variants)));
      return `- **${place}**<br>${notes.map(escapeMarkdown).join("<br>")}`;
    });
    return `### ${escapeMarkdown(title)}\n\n${items.join("\n")}`;
  });
  return groups.length === 0 ? "" : `## Findings\n\n${groups.join("\n\n")}`;
}

function proofs({ proofs }: Report): string[] {
  return proofs.map(
    ({ intervention, finding, verdict }) => `${intervention} against ${finding}: ${verdict}`,
  );
}

function finals(report: Report): string {
  const rows = measuredMetrics(report).flatMap((metric) =>
    Object.values(report.variants).map((variant) => {
      const { mean, interval, note, chance } = summaryText(variant, metric);
      const against = variant.againstChance[metric];
      const range = [interval, note].filter((part) => part !== "").join("; ");
      const difference = against === undefined ? "" : differenceText(against);
      return [METRIC_NAMES[metric], variant.name, mean, range, chance, difference];
    }),
  );
  if (rows.length === 0) return "";
  const head = [
    "after the last epoch",
    "variant",
    "mean",
    "95% interval",
    "best constant",
    "median minus the constant's",
  ];
  return `## Final values\n\n${markdownTable(head, rows)}`;
}

function rates({ variants }: Report): string {
  const rows = Object.values(variants).map(({ name, converged, diverged }) => [
    name,
    rateText(converged),
    rateText(diverged),
  ]);
  return `## Convergence\n\n${markdownTable(["variant", "converged", "diverged"], rows)}`;
}
