// A diagnosis in every rendering: one sample, a healthy network, and text that tries to break out.

import { describe, expect, test } from "vitest";
import { diagnosedReport, healthyReport } from "../../test/diagnosis-report.ts";
import type { SpecInput } from "../spec/spec.ts";
import { asGithub } from "./as-github.ts";
import { asHtml } from "./as-html.ts";
import { asJunit } from "./as-junit.ts";
import { asMarkdown } from "./as-markdown.ts";
import { asText } from "./as-text.ts";
import { displayWidth } from "./plain-text.ts";
import type { DiagnosisReport, Prescription, Report } from "./report.ts";

test("what no cause rests on is told beside, in every rendering", () => {
  const sample = diagnosedReport();
  const [first] = sample.findings;
  const beside = {
    ...first,
    id: "head-activation",
    severity: "note" as const,
    where: "model.layers[1]",
    says: "3 sigmoid outputs are answered one by one.",
  };
  const report = { ...sample, findings: [...sample.findings, beside] };
  for (const render of [asText, asMarkdown, asHtml]) {
    const text = render(report);
    expect(text).toContain("Seen beside");
    expect(text).toContain("sigmoid outputs are answered one by one");
    expect(render(sample)).not.toContain("Seen beside");
  }
});

describe("text", () => {
  test("answer, causes, proofs, the change and what it rests on", () => {
    expect(asText(diagnosedReport())).toMatchInlineSnapshot(`
      "wine.csv: why does it not converge?
      wine: 2 variants, 20 runs over 10 training seeds on the data as written, on cpu
      (plain TypeScript, float32; no GPU adapter was found)

      FIXED  The network does not converge because its features are not scaled:
             proline is in the hundreds and drowns the other column. Standardizing the
             columns fixes it: accuracy on rows it has never seen rises from 0.55 to
             0.97.

      The cause
        1. unscaled features, data.preprocess (proved: undoing it helps)
           One column is 390 times as wide as another.
           for      standard deviation of proline 315, of alcohol 0.81
           against  4 of 10 seeds learn in spite of it
           not      a learning rate too high: a tenth of it does not help

      Changes, trained against the unchanged network: balanced accuracy on rows held
      out of the training part
                              effect    95% interval        n    verdict
        standardize           +0.42     +0.36 to +0.48      10   fixes
        learning-rate-0.0001  +0.06     −0.02 to +0.14      10   undecided
        leaky-relu            –         –                   10   harms

      What to change: bring every column to mean 0 and standard deviation 1
          data:
            preprocess: [standardize]
        On rows that had no say in the choice: balanced accuracy on the test part:
        0.550 before, 0.970 after; +0.42 (95% +0.33 to +0.50, n 10).
        Over other splits of all rows: +0.40 (95% +0.36 to +0.48, n 10).
        Standardize adds to the rest: +0.42 (95% +0.36 to +0.48, n 10).

      Learning rates
          0.0001 ███▁  1
        5 rates from 0.0001 to 1, 200 steps each, 2 seeds: 0.1 is the lowest that
        comes about as far as any (loss 0.610; a constant answer costs 0.640); the
        network is trained at 0.001.

      What the table can tell
        - The features tell the labels. The best of the simple models, nearest
          neighbours, is right on 96% of rows it has not seen (95% 83% to 99%); always
          answering with the largest class is on 50%. Permuted labels do as well with
          p = 0.005.

      Suspected, and not the cause
        - learning rate too high: a tenth of the rate is not proved to help, and with
          standardized columns the rate does no harm

      Not measured
        - Nothing was recorded that these checks read: dead-units (deadShare).
      "
    `);
  });

  test("a healthy network gets one paragraph and nothing else", () => {
    expect(asText(healthyReport())).toMatchInlineSnapshot(`
      "HEALTHY  Nothing is wrong: the network learns in all 10 seeds, and nothing that
               was tried is better.
      "
    `);
  });

  test.each([40, 60, 80, 120])("no line is wider than %i columns", (width) => {
    const lines = asText(diagnosedReport(), { width }).split("\n");
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  });
});

test("Markdown has the answer first, a table of proofs, and code behind folds", () => {
  const text = asMarkdown(diagnosedReport());
  expect(text).toContain("**Fixed.** The network does not converge because");
  expect(text).toContain(
    "| standardize | unscaled features | +0.42 | +0.36 to +0.48 | 10 | fixes |",
  );
  expect(text).toContain("```yaml\ndata:\n  preprocess: [standardize]\n```");
  expect(text).toContain("layers.Dense(64, activation=");
  expect(asMarkdown(healthyReport()).split("\n\n")).toHaveLength(3);
});

test("JUnit: a cause fails, a dismissed one passes, a check without its signals is skipped", () => {
  expect(asJunit(diagnosedReport())).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="clab diagnose" tests="3" failures="1" errors="0" skipped="1">
    <testsuite name="wine" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="clab.diagnose" name="unscaled-features"><failure type="proved" message="data.preprocess: One column is 390 times as wide as another.">proved: undoing it helps
    for: standard deviation of proline 315, of alcohol 0.81
    against: 4 of 10 seeds learn in spite of it
    not: a learning rate too high: a tenth of it does not help</failure></testcase>
    <testcase classname="clab.diagnose" name="learning-rate-too-high"><system-out>a tenth of the rate is not proved to help, and with standardized columns the rate does no harm</system-out></testcase>
    <testcase classname="clab.diagnose" name="dead-units"><skipped message="it reads deadShare, which was not recorded"/></testcase>
    <system-out>The network does not converge because its features are not scaled: proline is in the hundreds and drowns the other column. Standardizing the columns fixes it: accuracy on rows it has never seen rises from 0.55 to 0.97.</system-out>
    </testsuite>
    </testsuites>
    "
  `);
  expect(asJunit(healthyReport())).toContain('tests="1" failures="0"');
});

test("GitHub: an annotation for every cause, at its place", () => {
  const text = asGithub(diagnosedReport(), (where) =>
    where === "data.preprocess" ? { file: "a,b:c.yaml", line: 3, column: 5 } : undefined,
  );
  expect(text.split("\n").slice(0, 2)).toMatchInlineSnapshot(`
    [
      "::warning file=a%2Cb%3Ac.yaml,line=3,col=5,title=unscaled features::data.preprocess: One column is 390 times as wide as another.",
      "::notice title=wine::The network does not converge because its features are not scaled: proline is in the hundreds and drowns the other column. Standardizing the columns fixes it: accuracy on rows it has never seen rises from 0.55 to 0.97.",
    ]
  `);
});

describe("HTML", () => {
  const html = asHtml(diagnosedReport());

  test("the answer comes first, and every part of a diagnosis has its section", () => {
    const titles = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      "The cause",
      "What was tried",
      "What to change",
      "Learning rates",
      "What the table can tell",
      "Suspected, and not the cause",
      "Not measured",
      "Curves",
      "Gradients by layer",
      "Which class is taken for which",
      "Findings",
      "Final values",
      "Settings",
      "How to read this",
    ]);
    expect(html.indexOf("The network does not converge")).toBeLessThan(html.indexOf("<h2>"));
  });

  test("a reader without the pictures gets their numbers", () => {
    const labels = [...html.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
    const of = (start: string) => labels.find((label) => label.startsWith(start));
    expect(of("Effect of each change")).toBe(
      "Effect of each change on balanced accuracy on rows held out of the training part: standardize +0.42 (fixes), learning-rate-0.0001 +0.06 (undecided), leaky-relu \u2013 (harms).",
    );
    expect(of("Gradient norm of each layer of prescribed")).toContain("layer 1 0.100");
    expect(of("Share of each class of the test part that baseline")).toContain(
      "barolo 93%, grignolino 17%",
    );
  });

  test("a healthy network has the answer, its curves and its settings", () => {
    const page = asHtml(healthyReport());
    expect(page).toContain("Nothing is wrong");
    expect(page).not.toContain("What was tried");
    expect(page).not.toContain("The cause");
  });
});

describe("text from outside is data", () => {
  const nasty = `<img src=x onerror=alert(1)>\u001b]0;x\u0007\n::error::x%0A</script>]]>\`\`\`|**x**\ud800`;
  /** The same report with every text in it replaced; numbers, verdicts and patches stay. */
  const replaced = (value: unknown, key = ""): unknown => {
    if (typeof value === "string") return KEPT.has(key) ? value : nasty;
    if (Array.isArray(value)) return value.map((item) => replaced(item, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replaced(v, k)]));
  };
  const KEPT = new Set([
    "verdict",
    "on",
    "metric",
    "outcome",
    "because",
    "severity",
    "kind",
    "loss",
    "optimizer",
    "activation",
    "preprocess",
    "over",
  ]);
  const sample = diagnosedReport();
  const { prescription } = sample.diagnosis!;
  const diagnosis = {
    ...(replaced(sample.diagnosis) as DiagnosisReport),
    prescription: {
      ...(replaced(prescription) as Prescription),
      spec: { ...(replaced(prescription!.spec) as SpecInput), name: "x" },
    },
  };
  const report = { ...(replaced(sample) as Report), diagnosis };

  test("in text and on GitHub no control character, and no line of its own", () => {
    for (const text of [asText(report), asGithub(report)]) {
      expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
      expect(text.split("\n").filter((line) => line.startsWith("::error::"))).toEqual([]);
    }
    expect(asGithub(report)).not.toContain("x%0A");
  });

  test("in HTML and XML no element", () => {
    for (const text of [asHtml(report), asJunit(report)]) {
      expect(text).not.toMatch(/<img|<\/script>\]\]/);
      expect(text).not.toContain("\u001b");
    }
  });

  test("in Markdown no element, and no fence that ends early", () => {
    const text = asMarkdown(report);
    expect(text).not.toContain("\u001b");
    const outside = text.replace(/^(`{3,})[a-z]+$.*?^\1$/gms, "");
    expect(outside).not.toContain("preprocess:");
    expect(outside).not.toContain("<img");
  });
});
