// test-part-in-scaler: preprocessing is fitted on rows of the test part. Fitted on all rows, the test
// is not quite unseen; fitted on each part by itself, the two parts are on different scales
// (tfjs#3401, and AUTOTRAINER's own min-max repair).

import { isFitted, stepName } from "../../spec/preprocess-steps.ts";
import { lintCheck } from "../lint-check.ts";

export const testPartInScaler = lintCheck({
  id: "test-part-in-scaler",
  title: "Preprocessing is fitted on rows of the test part",
  reads: ["shape"],
  examine({ data }, { shape }) {
    const { fitOn = "train", preprocess } = data;
    const fitted = preprocess.filter(isFitted).map(stepName);
    if (fitOn === "train" || shape.testRows === 0 || fitted.length === 0) return [];
    return [
      {
        severity: "warning",
        where: "data.fitOn",
        says:
          fitOn === "all"
            ? `${fitted.join(" and ")} is fitted on all rows, the test part included, so its scores are not those of unseen rows.`
            : `${fitted.join(" and ")} is fitted on each part by itself, so the same value means one thing in training and another in the test.`,
        evidence: [`fitOn ${fitOn}, ${shape.testRows} test rows`],
        interventions: [
          {
            id: "fit-on-train",
            says: "fit preprocessing on the training part and apply it to both",
            patch: { data: { fitOn: "train" } },
          },
        ],
      },
    ];
  },
});
