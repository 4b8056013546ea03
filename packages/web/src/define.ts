// Entry "./define": importing it registers <convergence-lab>.

import { define } from "./define-element.ts";

define();

export { ConvergenceLabElement } from "./element.ts";
