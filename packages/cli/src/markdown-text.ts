// Markdown of our own pages -> text for a terminal: headings, paragraphs, lists, code and tables.
// Not a Markdown reader: it knows the forms that docs/checks and docs/causes are written in.

import { paint } from "./terminal.ts";

const WIDTH = 80;

export function markdownAsText(
  markdown: string,
  columns = process.stdout.columns ?? WIDTH,
): string {
  const width = Math.min(columns, 100);
  const blocks = markdown.trim().split(/\n{2,}(?![^`]*\n```\n)/);
  return blocks.map((block) => blockAsText(block, width)).join("\n\n");
}

function blockAsText(block: string, width: number): string {
  const heading = /^(#+) (.*)$/.exec(block);
  if (heading !== null) return paint("bold", plain(heading[2]), process.stdout);
  if (block.startsWith("```")) return block.replace(/^```.*\n|\n?```$/g, "").replace(/^/gm, "    ");
  if (block.startsWith("    ")) return block;
  if (block.startsWith("|")) return tableAsText(block.split("\n"));
  if (/^(- |\d+\. )/.test(block)) return listAsText(block, width);
  return wrapped(plain(block), width).join("\n");
}

function listAsText(block: string, width: number): string {
  const items = block.split(/\n(?=\s*(?:- |\d+\. ))/);
  return items
    .flatMap((item) => {
      const [, mark, text] = /^(\s*(?:- |\d+\. ))(.*)$/s.exec(item) as RegExpExecArray;
      const lines = wrapped(plain(text), width - mark.length);
      return lines.map((line, i) => (i === 0 ? mark : " ".repeat(mark.length)) + line);
    })
    .join("\n");
}

/** Columns as wide as their widest cell; the line of dashes is left out. */
function tableAsText(lines: readonly string[]): string {
  const rows = lines
    .filter((line) => !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .replace(/^\||\|$/g, "")
        .split(/(?<!\\)\|/)
        .map((cell) => plain(cell.trim())),
    );
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => (row[j] ?? "").length)));
  return rows
    .map((row) => `  ${row.map((cell, j) => cell.padEnd(widths[j] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

/** Links as their text, and without the signs for code and emphasis. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/`([^`]*)`/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, "$1")
    .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, "$1");
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
