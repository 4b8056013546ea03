// head-units: the number of outputs does not fit the classes. One output for three or more classes
// is driven towards the class's index; fewer outputs than classes cannot be computed; more are
// outputs that no label ever asks for.

import { headOf } from "../../spec/head.ts";
import { headMisfit } from "../../spec/head-problems.ts";
import { placeOf } from "../blocks.ts";
import { fittingHead, setHead } from "../interventions.ts";
import { lintCheck } from "../lint-check.ts";

export const headUnits = lintCheck({
  id: "head-units",
  title: "The number of outputs does not fit the classes",
  reads: ["shape"],
  examine(variant, { shape: { classes } }) {
    const { layer, index } = headOf(variant.model);
    const { units } = layer;
    const { name } = variant.train.loss;
    const where = placeOf(index);
    const evidence = [
      `${units} ${units === 1 ? "output" : "outputs"}, ${classes} classes, loss ${name}`,
    ];
    const interventions = [setHead(variant, fittingHead(classes))];
    const misfit = headMisfit(variant, classes);
    if (misfit !== undefined) {
      const says = `units ${misfit} Keras stops here on a CPU and reads past the outputs on a GPU.`;
      return [{ severity: "error", where, says, evidence, interventions }];
    }
    if (units === 1 && /^categorical/.test(name)) {
      const says = `${name} over one output compares the output with its own sum: the loss is 0 whatever it answers, and nothing is learned.`;
      return [{ severity: "error", where, says, evidence, interventions }];
    }
    if (units === 1 && classes > 2) {
      const says = `One output for ${classes} classes is trained towards the number of the class, 0 to ${classes - 1}; it can only answer "0" or "1".`;
      return [{ severity: "error", where, says, evidence, interventions }];
    }
    if (units <= classes) return [];
    const says = `${units - classes} of ${units} outputs belong to no class.`;
    return [{ severity: "note", where, says, evidence }];
  },
});
