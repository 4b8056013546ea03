// What every training measures, in the order in which it is shown; a file of its own, so that a page
// can name them without the schema.

export const METRICS = ["loss", "accuracy", "valLoss", "valAccuracy"] as const;

export type Metric = (typeof METRICS)[number];
