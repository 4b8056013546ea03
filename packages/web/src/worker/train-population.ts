// Trains a plan and tells how it goes: curves over the seeds, and findings as soon as a few seeds
// show them. The report is loaded when there is something to report.

import {
  type Dataset,
  type Engine,
  type Finding,
  type Plan,
  type Spec,
  TraceRecorder,
} from "@convergence-lab/core";
import type { Surface, Trained } from "../messages.ts";
import { buffersOf, CurveBands } from "./curve-bands.ts";
import { openCpu } from "./open-cpu.ts";
import type { Tell } from "./session.ts";

export interface Work {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly datasets: readonly Dataset[];
  /** What lint has found. */
  readonly linted: readonly Finding[];
}

/** Ten pictures a second are as many as anyone reads. */
const MS_BETWEEN_CURVES = 100;
/** A check of all curves takes some ms, and what it says should stand long enough to be read. */
const MS_BETWEEN_FINDINGS = 1500;
/** Fewer runs say little of a variant. */
const RUNS_TO_SAY = 3;

export async function trainPopulation(
  { spec, plan, datasets, linted }: Work,
  engine: Engine,
  signal: { readonly aborted: boolean },
  tell: Tell,
): Promise<Trained> {
  const { diagnose } = await import("./checks.ts");
  const info = (await engine.prepare?.(plan)) ?? engine.info;
  const recorder = new TraceRecorder(spec, plan, datasets, info);
  const live = new CurveBands(plan);
  const curves = throttled(MS_BETWEEN_CURVES, () => {
    const variants = live.variants();
    tell({ kind: "curves", curves: variants }, buffersOf(variants));
  });
  const findings = throttled(MS_BETWEEN_FINDINGS, () => {
    tell({ kind: "findings", findings: [...linted, ...diagnose(recorder.finish()).findings] });
  });
  const runsTotal = plan.runs.length;
  let runsDone = 0;
  for await (const event of engine.train(plan, datasets, { signal })) {
    recorder.add(event);
    live.add(event);
    if (event.kind === "finished") runsDone++;
    if (event.kind === "progress") {
      const { stepsDone, stepsTotal } = event;
      tell({ kind: "progress", stepsDone, stepsTotal, runsDone, runsTotal });
    }
    curves.maybe();
    if (event.kind === "finished" && runsDone >= RUNS_TO_SAY) findings.maybe();
  }
  const trace = recorder.finish();
  if (trace.runs.length === 0) throw new Stopped();
  curves.now();
  const found = [...linted, ...diagnose(trace).findings];
  tell({ kind: "findings", findings: found });
  const { shownReport } = await import("./shown-report.ts");
  return {
    stopped: signal.aborted,
    ...shownReport(trace, found),
    surfaces: signal.aborted ? [] : await surfacesOf(plan, datasets),
  };
}

/** Where there is a plane to draw them over. */
async function surfacesOf(plan: Plan, datasets: readonly Dataset[]): Promise<Surface[]> {
  if (!plan.buckets.some(({ network }) => network.inputs === 2)) return [];
  const { decisionSurfaces } = await import("./decision-surface.ts");
  return decisionSurfaces(plan, datasets, await openCpu("For the decision surface."));
}

/** Before any run had finished: there is nothing to report. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly code = "LAB_STOPPED";

  constructor() {
    super("Stopped before the first network had finished.");
  }
}

/** Does a thing at most every so often, and rests ten times as long as it took. */
function throttled(ms: number, action: () => void) {
  let next = 0;
  const now = () => {
    const before = performance.now();
    action();
    const after = performance.now();
    next = after + Math.max(ms, 10 * (after - before));
  };
  return {
    now,
    maybe() {
      if (performance.now() >= next) now();
    },
  };
}
