import { describe, expect, test } from "vitest";
import { type ClaimInput, type RunTable, type TraceTable, traceOf } from "../../test/trace-of.ts";
import { judgeClaims } from "./judge-claims.ts";

const BALANCED_IS_BEST: ClaimInput = {
  text: "balanced has the lower validation loss",
  expect: [{ metric: "valLoss", variant: "balanced", is: "lower", than: "shallow" }],
};

/** `count` runs with these final validation losses, each a little apart. */
function runs(count: number, valLoss: (i: number) => number): RunTable[] {
  return Array.from({ length: count }, (_, i) => {
    const value = valLoss(i);
    return { loss: [0.7, value], valLoss: [0.7, value] };
  });
}

const wobble = (i: number) => 0.001 * ((i * 7) % 10);

/** The verdict sentences of a trace's claims, one a line. */
function verdicts(table: TraceTable): string {
  return judgeClaims(traceOf({ claims: [BALANCED_IS_BEST], ...table }))
    .map((claim) => claim.says)
    .join("\n");
}

function parts(table: TraceTable): string[] {
  return judgeClaims(traceOf({ claims: [BALANCED_IS_BEST], ...table })).flatMap((claim) =>
    claim.parts.map(
      ({ says, over, verdict, effect, ci95, n }) =>
        `${says}, ${over}: ${verdict} ${effect} ${JSON.stringify(ci95)} n=${n}`,
    ),
  );
}

describe("a metric over training seeds", () => {
  const shallow = runs(20, () => 0.7);

  test("lower on every seed: supported", () => {
    const training = { shallow, balanced: runs(20, (i) => 0.69 - wobble(i)) };
    expect(verdicts({ training })).toBe(
      "balanced's validation loss is 0.0145 lower than shallow's (95% 0.0120 to 0.0170, 20 training seeds): supported.",
    );
  });

  test("higher on every seed: contradicted", () => {
    const training = { shallow, balanced: runs(20, (i) => 0.71 + wobble(i)) };
    expect(verdicts({ training })).toBe(
      "balanced's validation loss is 0.0145 higher than shallow's (95% 0.0120 to 0.0170, 20 training seeds): contradicted.",
    );
  });

  test("around zero: undecided, both directions named", () => {
    const training = { shallow, balanced: runs(20, (i) => 0.696 + wobble(i)) };
    expect(verdicts({ training })).toBe(
      "balanced's validation loss is 0.0005 higher than shallow's (95% 0.0020 lower to 0.0030 higher, 20 training seeds): undecided.",
    );
  });

  test("it is the last epoch that counts, not the best", () => {
    const training = {
      shallow,
      balanced: runs(20, () => 0.8).map((run) => ({ ...run, valLoss: [0.1, 0.8] })),
    };
    expect(verdicts({ training })).toContain("0.100 higher");
  });

  test("differences of a billionth keep their exponent", () => {
    const training = { shallow, balanced: runs(20, (i) => (i < 1 ? 0.7 : 0.7 - 2e-7)) };
    expect(verdicts({ training })).toContain("is 1.8e-7 lower than shallow's (95% 1.8e-7,");
  });

  test("ties: the interval is zero wide and decides nothing", () => {
    expect(verdicts({ training: { shallow, balanced: shallow } })).toBe(
      "balanced's validation loss equals shallow's in the median (95% 0, 20 training seeds): undecided.",
    );
  });

  test("one tie among differences is no difference", () => {
    const balanced = runs(6, (i) => (i === 0 ? 0.7 : 0.6));
    expect(parts({ training: { shallow: shallow.slice(0, 6), balanced } })[0]).toMatch(
      /undecided -0\.09\d* \[-0\.09\d*,0\] n=6/,
    );
  });

  test.each([
    [5, "undecided, because a verdict needs 6 or more training seeds."],
    [6, "(95% 0.100, 6 training seeds): supported."],
  ])("%i pairs, all on one side", (n, ending) => {
    const training = { shallow: runs(n, () => 0.75), balanced: runs(n, () => 0.65) };
    expect(verdicts({ training })).toContain(ending);
  });

  test("one seed is an anecdote", () => {
    const table = { training: { shallow: runs(1, () => 0.75), balanced: runs(1, () => 0.5) } };
    expect(verdicts(table)).toBe(
      "balanced's validation loss is 0.250 lower than shallow's (1 training seed): undecided, because a verdict needs 6 or more training seeds.",
    );
    expect(parts(table)).toEqual([
      "balanced valLoss lower than shallow, training seeds: undecided -0.25 null n=1",
    ]);
  });

  test("only seeds that both variants finished are compared", () => {
    const training = { shallow: shallow.slice(0, 12), balanced: runs(20, () => 0.6) };
    expect(verdicts({ training })).toContain("12 training seeds");
  });

  test("accuracy is better when higher", () => {
    const claims: ClaimInput[] = [
      {
        text: "balanced is more accurate",
        expect: [{ metric: "accuracy", variant: "balanced", is: "higher", than: "shallow" }],
      },
    ];
    const accuracy = (value: number): RunTable[] =>
      Array.from({ length: 8 }, () => ({ loss: [1], accuracy: [value] }));
    const training = { shallow: accuracy(0.5), balanced: accuracy(0.75) };
    expect(verdicts({ claims, training })).toBe(
      "balanced's training accuracy is 0.250 higher than shallow's (95% 0.250, 8 training seeds): supported.",
    );
  });
});

describe("runs that diverged", () => {
  const shallow = runs(20, () => 0.7);
  const diverging = (share: number) =>
    runs(20, (i) => 0.71 + wobble(i)).map((run, i) => (i < 20 * share ? null : run));

  test("a few make the interval infinite on one side at most", () => {
    expect(parts({ training: { shallow, balanced: diverging(0.2) } })[0]).toMatch(
      /contradicted 0\.01\d* \[0\.01\d*,0\.0\d*\] n=20$/,
    );
    const table = { training: { shallow, balanced: diverging(0.4) } };
    expect(parts(table)[0]).toMatch(/contradicted 0\.01\d* \[0\.01\d*,null\] n=20$/);
    expect(verdicts(table)).toMatch(
      /^balanced's validation loss is 0\.0\d+ higher than shallow's \(95% 0\.0\d+ to balanced diverging, 20 training seeds\): contradicted\.$/,
    );
  });

  test("most of them make the effect infinite, which JSON has no number for", () => {
    const table = { training: { shallow, balanced: diverging(1) } };
    expect(verdicts(table)).toBe(
      "balanced diverges and shallow does not in most pairs (95% balanced diverging, 20 training seeds): contradicted.",
    );
    expect(parts(table)).toEqual([
      "balanced valLoss lower than shallow, training seeds: contradicted null [null,null] n=20",
    ]);
  });

  test("all runs of both: equally bad", () => {
    const all = runs(20, () => Number.NaN);
    expect(verdicts({ training: { shallow: all, balanced: all } })).toBe(
      "balanced and shallow both diverge (20 training seeds): undecided.",
    );
  });

  test("half here and half there: no median", () => {
    const one = runs(20, (i) => (i < 10 ? Number.NaN : 0.7));
    const other = runs(20, (i) => (i < 10 ? 0.7 : Number.NaN));
    expect(verdicts({ training: { shallow: one, balanced: other } })).toBe(
      "balanced and shallow each diverge in half of the pairs, never in the same (95% shallow diverging to balanced diverging, 20 training seeds): undecided.",
    );
  });

  test("in accuracy the diverged one is the lower", () => {
    const claim: ClaimInput = {
      text: "balanced is more accurate",
      expect: [{ metric: "accuracy", variant: "balanced", is: "higher", than: "shallow" }],
    };
    const accurate = Array.from({ length: 8 }, () => ({ loss: [0.6], accuracy: [0.9] }));
    const training = { shallow: accurate.map(() => null), balanced: accurate };
    expect(verdicts({ claims: [claim], training })).toBe(
      "shallow diverges and balanced does not in most pairs (95% shallow diverging, 8 training seeds): supported.",
    );
  });
});

test("without a test part validation is not measured, and that is no verdict", () => {
  const table = {
    chance: { loss: 0.69, accuracy: 0.5 },
    training: { shallow: [{ loss: [1] }, null], balanced: [{ loss: [1] }, { loss: [1] }] },
  };
  expect(verdicts(table)).toBe(
    "the validation loss of balanced and shallow was not measured, because the data has no test part: undecided.",
  );
  expect(parts(table)[0]).toBe(
    "balanced valLoss lower than shallow, training seeds: undecided null null n=0",
  );
});

describe("two kinds of seeds", () => {
  const level = (value: number) => runs(20, (i) => value - wobble(i));
  const training = { shallow: runs(20, () => 0.7), balanced: level(0.68) };
  const table = (valLoss: (i: number) => number) => ({
    training,
    data: { shallow: runs(19, () => 0.7), balanced: runs(19, valLoss) },
  });

  test("holding on both is supported", () => {
    expect(verdicts(table((i) => 0.6 - wobble(i)))).toBe(
      "balanced's validation loss is 0.0245 lower than shallow's (95% 0.0220 to 0.0270, 20 training seeds): supported, over data seeds too.",
    );
  });

  test("the run on the data as written with the first training seed is on both axes", () => {
    expect(parts(table(() => 0.6))[1]).toContain("data seeds: supported");
    expect(parts(table(() => 0.6))[1]).toContain("n=20");
  });

  test("an effect that vanishes over data seeds holds on this split only", () => {
    expect(verdicts(table((i) => 0.65 + 0.01 * ((i * 3) % 10)))).toBe(
      "balanced's validation loss is 0.0245 lower than shallow's (95% 0.0220 to 0.0270, 20 training seeds), but balanced's validation loss is 0.010 lower than shallow's (95% 0.030 lower to 0.010 higher, 20 data seeds): it holds on this split, not over new data, undecided.",
    );
  });

  test("an effect that turns round over data seeds is contradicted there", () => {
    expect(verdicts(table((i) => 0.75 + wobble(i)))).toBe(
      "balanced's validation loss is 0.055 higher than shallow's (95% 0.052 to 0.057, 20 data seeds): contradicted over data seeds, supported over training seeds.",
    );
  });

  test("three data seeds are too few to say", () => {
    const data = { shallow: runs(2, () => 0.7), balanced: runs(2, () => 0.6) };
    expect(verdicts({ training, data })).toContain("needs 6 or more data seeds.");
  });

  test("a seed list without 0 still starts from the data as written", () => {
    const trace = traceOf({ claims: [BALANCED_IS_BEST], ...table(() => 0.6) });
    const seeds = { training: [7, 8], data: [3, 4, 5, 6, 9, 11] };
    const renumbered = {
      ...trace,
      spec: { ...trace.spec, seeds },
      runs: trace.runs.flatMap((run) =>
        run.dataSeed === 0
          ? run.trainingSeed < 2
            ? [{ ...run, trainingSeed: seeds.training[run.trainingSeed] }]
            : []
          : run.dataSeed <= 6
            ? [{ ...run, dataSeed: seeds.data[run.dataSeed - 1] }]
            : [],
      ),
    };
    const [claim] = judgeClaims(renumbered);
    expect(claim.parts.map((part) => `${part.over} ${part.n}`)).toEqual([
      "training seeds 2",
      "data seeds 7",
    ]);
  });
});

describe("a behaviour", () => {
  const claim: ClaimInput = {
    text: "high oscillates or diverges",
    expect: [{ variant: "high", behaves: ["oscillates", "diverges"], inMoreThan: 0.5 }],
  };
  const steady = { loss: [0.7, 0.6], accuracy: [0.5, 0.6] };
  const high = (diverged: number, n: number): RunTable[] =>
    Array.from({ length: n }, (_, i) => (i < diverged ? null : steady));
  const says = (diverged: number, n: number) =>
    verdicts({ claims: [claim], training: { high: high(diverged, n) } });

  test.each([
    [20, 20, "(95% 84% to 100%, training seeds) where more than 50% are claimed: supported."],
    [15, 20, "(95% 53% to 89%, training seeds) where more than 50% are claimed: supported."],
    [14, 20, "(95% 48% to 85%, training seeds) where more than 50% are claimed: undecided."],
    [0, 20, "(95% 0% to 16%, training seeds) where more than 50% are claimed: contradicted."],
    [5, 5, "undecided, because a verdict needs 6 or more training seeds."],
  ])("%i of %i", (diverged, n, ending) => {
    expect(says(diverged, n)).toContain(`high oscillates or diverges in ${diverged} of ${n} runs`);
    expect(says(diverged, n)).toContain(ending);
  });

  test("not measured", () => {
    expect(
      verdicts({
        claims: [{ text: "x", expect: [{ variant: "high", behaves: ["oscillates"] }] }],
        training: { high: [{ loss: [1] }, { loss: [1] }] },
      }),
    ).toBe("whether high oscillates was not measured: undecided.");
  });
});

describe("a claim of several comparisons", () => {
  const claims: ClaimInput[] = [
    {
      text: "complex learns the training part by heart",
      expect: [
        { metric: "loss", variant: "complex", is: "lower", than: "others" },
        { metric: "valLoss", variant: "complex", is: "higher", than: "others" },
      ],
    },
  ];
  const variant = (loss: number, valLoss: number): RunTable[] =>
    Array.from({ length: 20 }, (_, i) => ({
      loss: [0.7, loss + wobble(i)],
      valLoss: [0.7, valLoss - 2 * wobble(i)],
    }));

  test("is supported when every comparison is, and shows the weakest", () => {
    const training = {
      shallow: variant(0.6, 0.7),
      balanced: variant(0.5, 0.7),
      complex: runs(20, () => 0.1).map((run) => ({ ...run, valLoss: [0.7, 1] })),
    };
    const [claim] = judgeClaims(traceOf({ claims, training }));
    expect(claim.says).toMatch(/: supported; the weakest of 4 comparisons, all supported\.$/);
    expect(claim.parts).toHaveLength(4);
    expect(claim.parts.map(({ verdict }) => verdict)).toEqual(Array(4).fill("supported"));
  });

  test("is contradicted when one comparison is", () => {
    const training = {
      shallow: variant(0.6, 0.7),
      balanced: variant(0.5, 2),
      complex: runs(20, () => 0.1).map((run) => ({ ...run, valLoss: [0.7, 1] })),
    };
    const [claim] = judgeClaims(traceOf({ claims, training }));
    expect(claim).toMatchObject({ verdict: "contradicted", n: 20 });
    expect(claim.effect).toBeCloseTo(-0.991, 3);
    expect(claim.says).toMatch(
      /^complex's validation loss is 0\.99\d* lower than balanced's .*: contradicted; the weakest of 4 comparisons \(3 supported, 1 contradicted\)\.$/,
    );
  });

  test("alone there is nothing to compare with", () => {
    expect(verdicts({ claims, training: { complex: variant(0.1, 1) } })).toBe(
      "There is no other variant to compare with: undecided.",
    );
  });
});

test("a verdict does not depend on the order of the runs", () => {
  const trace = traceOf({
    claims: [BALANCED_IS_BEST],
    training: { shallow: runs(9, wobble), balanced: runs(9, (i) => wobble(i + 3)) },
  });
  const reversed = { ...trace, runs: trace.runs.toReversed() };
  expect(judgeClaims(reversed)).toEqual(judgeClaims(trace));
});

test("test and reason stand beside every part", () => {
  const training = { shallow: runs(20, () => 0.7), balanced: runs(20, () => 0.6) };
  const [claim] = judgeClaims(traceOf({ claims: [BALANCED_IS_BEST], training }));
  expect(claim.parts[0].test).toBe(
    "exact interval of the median paired difference (sign test inverted, coverage 95.9%)",
  );
  expect(claim.parts[0].why).toMatch(/^Losses are skewed/);
});
