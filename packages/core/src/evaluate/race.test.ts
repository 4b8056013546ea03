import { expect, test } from "vitest";
import { type Lap, type Race, raceTotals } from "./race.ts";

const never = (holding: string): Lap => ({ modelSteps: null, holding });
const after = (modelSteps: number, holding: string): Lap => ({ modelSteps, holding });

const RACES: readonly Race[] = [
  {
    id: "both-get-there",
    doctor: after(200, "standardize + batch-size"),
    // Sooner with more changes, sooner with as many, and later with fewer.
    random: [
      after(100, "standardize + adam + dropout"),
      after(150, "standardize + adam"),
      after(300, "standardize"),
    ],
    budget: 1000,
  },
  {
    id: "the-doctor-alone",
    doctor: after(400, "learning-rate"),
    random: [never("nothing"), never("adam"), after(400, "learning-rate + adam")],
    budget: 1000,
  },
  {
    id: "random-search-alone",
    doctor: never("nothing"),
    random: [after(10, "adam"), never("nothing"), never("nothing")],
    budget: 1000,
  },
];

test("counts what each mended, and pairs of doctor and search where the doctor got there", () => {
  expect(raceTotals(RACES)).toBe(
    [
      "3 cases, 3 random searches each, at the model-steps of the doctor",
      "mended by the doctor   2 of 3",
      "by random search       5 of 9",
      // One that was later and two that never got there; a draw is not sooner.
      "searches that the doctor was sooner than, or that did not get there  3 of 9",
      "where both got there, with no more changes than the search  3 of 4",
      "",
    ].join("\n"),
  );
});

test("where the doctor never gets there, no search is counted against it", () => {
  expect(raceTotals(RACES.slice(2))).toContain("did not get there  0 of 3\n");
  expect(raceTotals(RACES.slice(2))).toContain("than the search  0 of 0\n");
});
