// Loaded when a cause is named.

export { causeExample } from "@convergence-lab/core";
