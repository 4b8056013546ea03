import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

test("penalties from which the network has shrunk to nothing", () => {
  const curves = { loss: [6, 0.9, 0.7], regularizationLoss: [5.2, 0.2, 0.01] };
  expect(diagnoseLines("penalty-dominates", { runs: [{ curves }] })).toEqual([
    "warning at model: Penalties made up to 87% of the loss, and less than half of the rest was learned away, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a network that has learned ends with little else than its penalty", () => {
  const curves = { loss: [0.9, 0.3, 0.12], regularizationLoss: [0.2, 0.12, 0.1] };
  expect(diagnoseLines("penalty-dominates", { runs: [{ curves }] })).toEqual([]);
  const small = { loss: [1.7, 1.5, 1.4], regularizationLoss: [1, 0.8, 0.7] };
  expect(diagnoseLines("penalty-dominates", { runs: [{ curves: small }] })).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("penalty-dominates", { runs: [{}] })).toEqual([
    "not measured: regularizationLoss",
  ]);
});
