// A finding: what was seen, where, on what evidence, what else was ruled out, and what to try.

export type Severity = "error" | "warning" | "info";

/** Something seen in the spec, the data or the trace. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  /** A variant, a column, a layer: "normalized", "column x3". */
  readonly where: string;
  readonly says: string;
  readonly evidence: readonly string[];
  readonly ruledOut: readonly string[];
  readonly interventions: readonly string[];
}
