// What became of a spec's claims, and what could make that meaningless, as HTML.

import { cautions } from "./cautions.ts";
import { capital } from "./diagnosis-text.ts";
import { row, table } from "./html-parts.ts";
import { escapeMarkup } from "./markup.ts";
import type { ClaimReport, Report } from "./report.ts";
import { count, partNumbers } from "./summary-text.ts";

/** The verdicts, and what to know before one is quoted; the second may be empty. */
export function verdictSections(report: Report): string[] {
  return [claimsSection(report), cautionsSection(report)];
}

const VERDICT_MARKS = { supported: "\u2713", contradicted: "\u2717", undecided: "?" } as const;

function claimsSection({ claims }: Report): string {
  const list =
    claims.length === 0 ? `<p class="quiet">The spec makes no claims.</p>` : claimsList(claims);
  return `<section><h2>Verdicts</h2>${list}</section>`;
}

/** Each claim with its verdict, its numbers and its test. */
export function claimsList(claims: readonly ClaimReport[]): string {
  const items = claims.map((claim) => {
    const { verdict } = claim;
    const badge = `<span class="verdict ${verdict}"><span aria-hidden="true">${VERDICT_MARKS[verdict]} </span>${verdict}</span>`;
    return `<li>${badge}<div><h3>${escapeMarkup(claim.text)}</h3><p>${escapeMarkup(claim.says)}</p>${claimParts(claim)}</div></li>`;
  });
  return `<ul class="claims">${items.join("")}</ul>`;
}

function claimParts({ parts }: ClaimReport): string {
  if (parts.length === 0) return "";
  const rows = parts.map((part) => {
    const { effect, interval } = partNumbers(part.effect, part.ci95);
    return row([part.says, part.over, part.verdict], [effect, interval, String(part.n)]);
  });
  const tests = [...new Set(parts.map(({ test, why }) => `${capital(test)}. ${why}`))];
  const notes = tests.map((test) => `<p class="quiet">${escapeMarkup(test)}</p>`).join("");
  const head = ["comparison", "over", "verdict", "effect", "95% interval", "n"];
  return `<details><summary>${count(parts.length, "comparison")}, test and reason</summary>${table(head, rows)}${notes}</details>`;
}

function cautionsSection(report: Report): string {
  const items = cautions(report);
  if (items.length === 0) return "";
  const list = items.map((item) => `<li>${escapeMarkup(item)}</li>`).join("");
  return `<section class="cautions"><h2>Before you quote a verdict</h2><ul>${list}</ul></section>`;
}
