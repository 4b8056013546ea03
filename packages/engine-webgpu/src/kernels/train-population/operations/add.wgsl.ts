// A residual connection: the output of an earlier block is added, and gets the same gradient, which
// is gathered until that block's own turn comes.

import { type StagePhases, type StageSite, valuePhase } from "./stage.ts";

/** A place of an earlier block's tensor. */
type Place = (unit: string, block: string) => string;

/** @param isFirstBack Of all that add this block, the one that backward meets first. */
export function add(
  site: StageSite,
  other: Place,
  otherGradient: Place,
  isFirstBack: boolean,
): StagePhases {
  const { input, output, gradient } = site;
  return {
    forward: [
      valuePhase(
        site,
        "add",
        "always",
        "",
        `    ${output("unit", "block")} = ${input("unit", "block")} + ${other("unit", "block")};`,
      ),
    ],
    backward: [
      valuePhase(
        site,
        "addBack",
        "training",
        "",
        `    ${otherGradient("unit", "block")} ${isFirstBack ? "=" : "+="} ${gradient("unit", "block")};`,
      ),
    ],
  };
}
