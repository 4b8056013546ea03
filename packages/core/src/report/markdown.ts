// Text -> GitHub's Markdown. All text from a spec goes through here.

import { plainText } from "./plain-text.ts";

/** A title and a list below it, or nothing where the list is empty. */
export function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return `${title}\n\n${items.map((item) => `- ${escapeMarkdown(item)}`).join("\n")}`;
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** Code with a fence that is longer than any run of backticks in it. */
export function codeBlock(language: string, code: string): string {
  const runs = code.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  const lines = code.trimEnd().split("\n");
  // A line keeps its indentation, which is all that its blanks mean.
  const plain = lines.map((line) => /^ */.exec(line)![0] + plainText(line.trimStart()));
  return [`${fence}${language}`, ...plain, fence].join("\n");
}

/** Text that Markdown and the HTML inside it show as it is: one line, nothing in it has a meaning. */
export function escapeMarkdown(text: string): string {
  return plainText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]#|~]/g, "\\$&")
    .replace(
      /^(\s*)([-+]|\d+[.)])(?=\s)/,
      (_, blanks: string, mark: string) => `${blanks}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
    );
}
