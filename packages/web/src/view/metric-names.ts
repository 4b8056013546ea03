// What metrics are called beside a plot and in the list that it is chosen from.

import type { Metric } from "@convergence-lab/core";

export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  loss: "training loss",
  accuracy: "training accuracy",
  valLoss: "validation loss",
  valAccuracy: "validation accuracy",
};

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
