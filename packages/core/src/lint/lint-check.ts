// What a lint check is: a pure function of one variant and its dataset.

import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";
import type { Finding } from "./finding.ts";

export interface LintCheck {
  /** Also the name of its file, its test and the id of its findings. */
  readonly id: string;
  examine(variant: Variant, dataset: Dataset): Finding[];
}
