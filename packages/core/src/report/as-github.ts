// A diagnosis as workflow commands of GitHub Actions: an annotation for every cause, at the place in
// the spec that it is about (docs.github.com, "Workflow commands for GitHub Actions").

import type { Severity } from "../lint/finding.ts";
import { causeName, causeSeverity } from "./diagnosis-text.ts";
import { plainText } from "./plain-text.ts";
import type { Report } from "./report.ts";

export interface FilePlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  note: "notice",
};

/** @param locate Where a cause's `where` stands; the file alone where it is nowhere. */
export function asGithub(
  report: Report,
  locate: (where: string) => FilePlace | undefined = () => undefined,
): string {
  const { diagnosis } = report;
  if (diagnosis === undefined) return "";
  const annotations = diagnosis.causes.map((cause) => {
    const { file, line, column } = locate(cause.where) ?? {};
    const properties = Object.entries({ file, line, col: column, title: causeName(cause.id) })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${property(String(value))}`);
    const command = COMMANDS[causeSeverity(cause, report)];
    return `::${command} ${properties.join(",")}::${message(`${cause.where}: ${cause.says}`)}\n`;
  });
  return `${annotations.join("")}::notice title=${property(report.name)}::${message(diagnosis.answer)}\n`;
}

/** `%` starts an escape, and a line end would start another command. */
function message(text: string): string {
  return plainText(text).replaceAll("%", "%25");
}

/** Commas and colons end a property. */
function property(text: string): string {
  return message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
