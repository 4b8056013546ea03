// How often the label changes from one row to the next: few times where rows are sorted by class.

/** Runs of equal labels. */
export function labelRunsOf(labels: Float32Array): number {
  return labels.reduce((runs, label, i) => (label === labels[i - 1] ? runs : runs + 1), 0);
}
