// What the table can tell at all, whatever the network: accuracies over folds of the training part.

export interface LearnabilityReport {
  /** Of the largest class. */
  readonly majority: number;
  readonly best: { readonly name: string; readonly accuracy: number };
  readonly baselines: readonly {
    readonly name: string;
    readonly accuracy: number;
    readonly ci95: readonly [number, number];
  }[];
  /** Of the label-permutation test on the best of them; null when it was not made. */
  readonly p: number | null;
  readonly verdict: "signal" | "no-signal" | "undecided";
}
