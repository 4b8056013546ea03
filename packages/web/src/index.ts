// Entry ".": the element's class and what goes with it. Importing it registers nothing and touches no
// platform, so that a server can.

export type { EngineInfo, Finding, Report, SpecInput } from "@convergence-lab/core";
export { define, TAG } from "./define-element.ts";
export { ConvergenceLabElement, type LabEvents } from "./element.ts";
export type { EngineChoice, Problem } from "./messages.ts";
export { PRESETS } from "./presets/preset-names.ts";
