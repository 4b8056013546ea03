// A network that cannot be trained at all, because its labels are no indices or its head has no output
// for some of them: what has to be changed before anything else can be looked at.

import { loadDatasets } from "../compile/compile.ts";
import { drawTable } from "../dataset/load-dataset.ts";
import type { Tables } from "../dataset/table.ts";
import type { Finding, Intervention } from "../lint/finding.ts";
import { lint } from "../lint/lint.ts";
import { headMisfit } from "../spec/head-problems.ts";
import { isClassIndex } from "../spec/inline-data-problems.ts";
import { patched, resolveVariants } from "../spec/resolve-variants.ts";
import type { Spec } from "../spec/spec.ts";

export interface Repair {
  /** The findings that say why it cannot be trained. */
  readonly findings: readonly Finding[];
  /** The changes after which it can. */
  readonly interventions: readonly Intervention[];
}

/** @param spec A network without variants of its own. */
export function repaired(spec: Spec, tables: Tables): { spec: Spec; repair: Repair | undefined } {
  const findings: Finding[] = [];
  const interventions: Intervention[] = [];
  let current = spec;
  const mend = (finding: Finding, intervention: Intervention) => {
    findings.push(finding);
    interventions.push(intervention);
    current = withPatch(current, intervention);
  };
  const unreadable = noIndexFinding(spec, tables);
  if (unreadable !== undefined) mend(unreadable, unreadable.interventions[0]);
  const fitting = isTrainable(current, tables) ? undefined : fittingChange(current, tables);
  if (fitting !== undefined) mend(fitting.finding, fitting.intervention);
  const repair = findings.length === 0 ? undefined : { findings, interventions };
  return { spec: current, repair };
}

/** What a network is changed by in all: the repair, and what was made on the network it left. */
export function withRepair(
  repair: Repair | undefined,
  made: Intervention | undefined,
): Intervention[] {
  return [...(repair?.interventions ?? []), ...(made === undefined ? [] : [made])];
}

/** A network without variants of its own, patched. */
function withPatch(spec: Spec, { patch }: Intervention): Spec {
  const [variant] = resolveVariants(spec);
  const { data, model, train } = patched(variant, patch);
  return { ...spec, data, model, train };
}

function isTrainable(spec: Spec, tables: Tables): boolean {
  const [variant] = resolveVariants(spec);
  const [dataset] = loadDatasets(spec, tables).values();
  return headMisfit(variant, dataset.classes.length) === undefined;
}

/** The first proposal of these checks after which the loss can be computed; labels before the head. */
function fittingChange(spec: Spec, tables: Tables) {
  const found = lint(spec, loadDatasets(spec, tables));
  return ["label-range", "head-units"]
    .flatMap((id) => found.filter((finding) => finding.id === id))
    .flatMap((finding) => finding.interventions.map((intervention) => ({ finding, intervention })))
    .find(({ intervention }) => isTrainable(withPatch(spec, intervention), tables));
}

/** Of labels that are to be read as indices; no dataset can be made of them. */
function noIndexFinding(spec: Spec, tables: Tables): Finding | undefined {
  if (spec.data.labels !== "indices") return undefined;
  const { labels } = drawTable(spec.data.source, 0, tables);
  const row = labels.findIndex((label) => !isClassIndex(label));
  if (row === -1) return undefined;
  const label = JSON.stringify(labels[row]);
  return {
    id: "label-range",
    variants: [resolveVariants(spec)[0].name],
    severity: "error",
    where: "data.labels",
    says: `Labels are read as indices, and ${label} is none: Keras stops at it on a CPU and reads past the outputs on a GPU.`,
    evidence: [`row ${row} has the label ${label}`],
    ruledOut: [],
    interventions: [
      {
        id: "number-classes",
        says: "number the classes 0, 1, 2, ... in sorted order",
        patch: { data: { labels: "names" } },
      },
    ],
  };
}
