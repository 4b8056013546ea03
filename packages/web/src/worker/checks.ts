// What looks at an experiment before it is trained, and at what the training shows. Loaded when a
// reader turns to the lab.

export { diagnose, lint, requestedProbes } from "@convergence-lab/core";
