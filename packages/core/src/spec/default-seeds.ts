// Over how many seeds a variant is trained where a spec does not say it; a file of its own, so that a
// page can say it without the schema.

/** Twenty runs of twenty of which none fails leave a failure rate of at most 16% (Wilson, 95%). */
export const DEFAULT_SEEDS = { training: 20, data: 1 };
