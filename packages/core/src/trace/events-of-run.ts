// A finished run as the events that would record it again: what resuming puts in front of new ones.

import type { TraceRun } from "./trace.ts";
import type { TraceEvent } from "./trace-event.ts";

/** @param run The run's index in the plan. */
export function* eventsOfRun(
  run: number,
  { signals, probes, status, steps }: TraceRun,
): Generator<TraceEvent> {
  yield { kind: "epochs", run, firstEpoch: 0, signals };
  if (probes !== undefined && probes.layers.length > 0) {
    yield { kind: "probes", run, firstProbe: 0, layers: probes.layers };
  }
  for (const confusion of probes?.confusions ?? []) yield { kind: "confusion", run, confusion };
  const { firstNonFinite } = probes ?? {};
  yield {
    kind: "finished",
    run,
    status,
    steps,
    ...(firstNonFinite === undefined ? {} : { firstNonFinite }),
  };
}
