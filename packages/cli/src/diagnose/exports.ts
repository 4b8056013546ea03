// The files that --export-* names. Paths in a spec and in code are relative to the file they stand in.

import { dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { kerasCode, type Prescription, type Report, specText } from "@convergence-lab/core";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { editSpec } from "../edit-spec.ts";
import { writeFile } from "../files.ts";
import { note } from "../terminal.ts";
import type { ReportFiles } from "../write-reports.ts";
import type { Subject } from "./subject.ts";

export interface ExportOptions extends ReportFiles {
  readonly exportSpec?: string | undefined;
  readonly exportKeras?: string | undefined;
  readonly exportPatch?: string | undefined;
}

/** @param variant The user's variant that was diagnosed, where the spec has several. */
export function writePrescription(
  report: Report,
  subject: Subject,
  variant: string | undefined,
  options: ExportOptions,
): void {
  const prescription = report.diagnosis?.prescription ?? undefined;
  const made: [path: string | undefined, content: (p: Prescription, path: string) => string][] = [
    [options.exportSpec, ({ spec }, path) => correctedSpec(movedSpec(spec, subject, path), path)],
    [options.exportKeras, ({ spec }, path) => kerasCode(movedSpec(spec, subject, path))],
    [options.exportPatch, (prescribed) => unifiedDiff(prescribed, report.name, subject, variant)],
  ];
  for (const [path, content] of made) {
    if (path === undefined) continue;
    if (prescription === undefined) {
      note(`${path} is not written: no change is proved to help.`);
    } else {
      writeFile(path, content(prescription, path));
    }
  }
}

function correctedSpec(spec: Prescription["spec"], path: string): string {
  if (extname(path).toLowerCase() === ".json") return `${JSON.stringify(spec, null, 2)}\n`;
  return specText(spec, Number.POSITIVE_INFINITY);
}

/** The spec with its table's path as seen from another file. */
export function movedSpec(
  spec: Prescription["spec"],
  { base }: Pick<Subject, "base">,
  to: string,
): Prescription["spec"] {
  const seen = (path: string) =>
    isAbsolute(path) ? path : relative(resolve(dirname(to)), resolve(join(base, path)));
  const { source } = spec.data;
  return {
    ...spec,
    data:
      source.kind === "table"
        ? { ...spec.data, source: { ...source, path: seen(source.path) } }
        : spec.data,
    model: { ...spec.model, ...movedWeights(spec.model, seen) },
  };
}

function movedWeights(
  { initialWeights }: Prescription["spec"]["model"],
  seen: (path: string) => string,
): Pick<Prescription["spec"]["model"], "initialWeights"> {
  if (typeof initialWeights === "string") return { initialWeights: seen(initialWeights) };
  if (typeof initialWeights !== "object" || initialWeights === null) return {};
  const described = initialWeights as { readonly path: string };
  return { initialWeights: { ...described, path: seen(described.path) } };
}

/** What to change in the user's file, or in the spec that a beginner would have written. */
function unifiedDiff(
  { patch, spec }: Prescription,
  name: string,
  { file, text }: Subject,
  variant: string | undefined,
): string {
  const path = file?.path ?? `${name}.yaml`;
  const options = { context: 3, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, text, edited(), "", "", options);

  function edited(): string {
    try {
      return editSpec(text, patch, variant === undefined ? [] : ["variants", variant]);
    } catch {
      // A layout that cannot be edited in place is written anew.
      return specText(spec, Number.POSITIVE_INFINITY);
    }
  }
}
