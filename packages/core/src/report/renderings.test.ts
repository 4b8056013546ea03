// What all renderings of a report have in common: one sample, and text that tries to break out.

import { describe, expect, test } from "vitest";
import { type RunTable, traceOf } from "../../test/trace-of.ts";
import { asHtml } from "./as-html.ts";
import { asJson } from "./as-json.ts";
import { asMarkdown } from "./as-markdown.ts";
import { asText } from "./as-text.ts";
import { cautions } from "./cautions.ts";
import { curvesCsv } from "./curves-csv.ts";
import { makeReport } from "./make-report.ts";
import { escapeMarkdown } from "./markdown.ts";
import { displayWidth } from "./plain-text.ts";
import type { Report } from "./report.ts";

/** Twenty runs whose final values lie a little apart. */
function runs(loss: number, valLoss: number, valAccuracy = 0.49): RunTable[] {
  return Array.from({ length: 20 }, (_, i) => {
    const wobble = 0.001 * ((i * 7) % 10);
    return {
      loss: [0.7, (0.7 + loss) / 2, loss + wobble],
      accuracy: [0.5, 0.55, 0.6],
      valLoss: [0.7, 0.7, valLoss + wobble],
      valAccuracy: [0.5, 0.5, valAccuracy],
    };
  });
}

const training = { shallow: runs(0.66, 0.7), balanced: runs(0.34, 0.71) };
const report = makeReport(
  traceOf({
    name: "article-2",
    title: "Shallow and balanced networks",
    claims: [
      {
        text: "the balanced network has the lower validation loss",
        expect: [{ metric: "valLoss", variant: "balanced", is: "lower", than: "shallow" }],
      },
    ],
    training,
  }),
  [
    {
      id: "constant-column",
      severity: "note",
      variants: ["balanced"],
      where: "column x3",
      says: "Column x3 has one value on all 800 training rows and can tell nothing.",
      evidence: ["x3: minimum 7, maximum 7"],
      ruledOut: [],
      interventions: [
        { id: "drop-columns", says: "leave out column x3", patch: { data: { drop: ["x3"] } } },
      ],
    },
    {
      id: "unscaled-features",
      severity: "warning",
      variants: ["shallow", "balanced"],
      where: "data.preprocess",
      says: "Features reach the network unscaled.",
      evidence: [],
      ruledOut: ["missing values"],
      interventions: [],
    },
  ],
);

/** The same report under names that are markup, terminal commands and formulas. */
function hostileReport(): Report {
  const nasty = `=<img src=x onerror=alert(1)>\u001b]0;owned\u0007|**x**\ud800`;
  return makeReport(
    traceOf({
      title: `</title></script><script>alert(1)</script>\u001b[2J`,
      claims: [
        {
          text: `${nasty} <b>`,
          expect: [{ metric: "valLoss", variant: nasty, is: "lower", than: "others" }],
        },
      ],
      training: { [nasty]: runs(0.5, 0.7), plain: runs(0.6, 0.8) },
    }),
    [
      {
        id: "x",
        severity: "note",
        variants: [nasty],
        where: `column ${nasty}`,
        says: nasty,
        evidence: [nasty],
        ruledOut: [nasty],
        interventions: [{ id: nasty, says: nasty, patch: { data: { drop: [nasty] } } }],
      },
    ],
  );
}

describe("as text", () => {
  test("verdicts first, then the caution, then the table", () => {
    expect(asText(report)).toMatchInlineSnapshot(`
      "Shallow and balanced networks
      article-2: 2 variants, 40 runs over 20 training seeds on the data as written, on
      cpu (plain TypeScript, float32; no GPU adapter was found)

      CONTRADICTED  the balanced network has the lower validation loss
                    balanced's validation loss is 0.01000 higher than shallow's (95%
                    0.01000, 20 training seeds): contradicted.

      Before you quote a verdict
        - No signal: after the last epoch no variant predicts new rows better than the
          best constant predictor, so differences between variants are differences in
          fitting noise. The nearest, shallow: validation loss +0.0095 (95% +0.0070 to
          +0.0120, 20 training seeds) against the constant's (0.695).
        - One data set: the verdicts hold for the data as written and say nothing
          about another draw or another split.

      Findings
      1 warning: likely not to converge, or not to mean what it seems
        - unscaled-features, data.preprocess
          Features reach the network unscaled.
          Ruled out: missing values.
      1 note: true, and networks converge in spite of it
        - constant-column, column x3 of balanced
          Column x3 has one value on all 800 training rows and can tell nothing.
          Try: leave out column x3.

                  mean     95% interval         constant  median by epoch
      training loss
        shallow   0.6645   0.6631 to 0.6659     0.690     ███
        balanced  0.3445   0.3431 to 0.3459     0.690     █▅▁
      training accuracy
        shallow   0.600    0.600 to 0.600       0.510     ▁▅█
        balanced  0.600    0.600 to 0.600       0.510     ▁▅█
      validation loss
        shallow   0.7045   0.7031 to 0.7059     0.695     ▁▁▃
        balanced  0.7145   0.7131 to 0.7159     0.695     ▁▁█
      validation accuracy
        shallow   0.490    0.490 to 0.490       0.490     ██▁
        balanced  0.490    0.490 to 0.490       0.490     ██▁
      After the last epoch, 20 training seeds on the data as written. Constant: the
      best constant predictor.

                  converged               diverged
        shallow   0 of 20 (0% to 16%)     0 of 20 (0% to 16%)
        balanced  20 of 20 (84% to 100%)  0 of 20 (0% to 16%)
      "
    `);
  });

  test.each([60, 80, 120])("fits into %i columns", (width) => {
    const lines = asText(report, { width }).split("\n");
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  });

  test("colours only on demand, and then only colours", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are the subject.
    const sequences = /\u001b\[\d+m/g;
    expect(asText(report)).not.toMatch(sequences);
    const colored = asText(report, { color: true });
    expect(colored.replace(sequences, "")).toBe(asText(report));
    expect(colored).toContain("\u001b[31mCONTRADICTED");
  });

  test("ASCII on demand", () => {
    expect(asText(report, { ascii: true })).toMatch(/^[ -~\n]*$/);
  });

  test("names cannot steer the terminal", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject.
    expect(asText(hostileReport())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|owned/);
  });
});

describe("as Markdown", () => {
  test("the same in tables", () => {
    expect(asMarkdown(report)).toMatchInlineSnapshot(`
      "# Shallow and balanced networks

      article-2: 2 variants, 40 runs over 20 training seeds on the data as written, on cpu (plain TypeScript, float32; no GPU adapter was found).

      ## Verdicts

      - **contradicted**: the balanced network has the lower validation loss<br>balanced's validation loss is 0.01000 higher than shallow's (95% 0.01000, 20 training seeds): contradicted.

      ## Before you quote a verdict

      - No signal: after the last epoch no variant predicts new rows better than the best constant predictor, so differences between variants are differences in fitting noise. The nearest, shallow: validation loss +0.0095 (95% +0.0070 to +0.0120, 20 training seeds) against the constant's (0.695).
      - One data set: the verdicts hold for the data as written and say nothing about another draw or another split.

      ## Findings

      ### 1 warning: likely not to converge, or not to mean what it seems

      - **unscaled-features, data.preprocess**<br>Features reach the network unscaled.<br>Ruled out: missing values.

      ### 1 note: true, and networks converge in spite of it

      - **constant-column, column x3 of balanced**<br>Column x3 has one value on all 800 training rows and can tell nothing.<br>Try: leave out column x3.

      ## Final values

      | after the last epoch | variant | mean | 95% interval | best constant | median minus the constant's |
      | --- | --- | --- | --- | --- | --- |
      | training loss | shallow | 0.6645 | 0.6631 to 0.6659 | 0.690 | −0.0255 (95% −0.0280 to −0.0230, 20 training seeds) |
      | training loss | balanced | 0.3445 | 0.3431 to 0.3459 | 0.690 | −0.3455 (95% −0.3480 to −0.3430, 20 training seeds) |
      | training accuracy | shallow | 0.600 | 0.600 to 0.600 | 0.510 | +0.0900 (95% +0.0900 to +0.0900, 20 training seeds) |
      | training accuracy | balanced | 0.600 | 0.600 to 0.600 | 0.510 | +0.0900 (95% +0.0900 to +0.0900, 20 training seeds) |
      | validation loss | shallow | 0.7045 | 0.7031 to 0.7059 | 0.695 | +0.0095 (95% +0.0070 to +0.0120, 20 training seeds) |
      | validation loss | balanced | 0.7145 | 0.7131 to 0.7159 | 0.695 | +0.0195 (95% +0.0170 to +0.0220, 20 training seeds) |
      | validation accuracy | shallow | 0.490 | 0.490 to 0.490 | 0.490 | 0 (95% 0 to 0, 20 training seeds) |
      | validation accuracy | balanced | 0.490 | 0.490 to 0.490 | 0.490 | 0 (95% 0 to 0, 20 training seeds) |

      ## Convergence

      | variant | converged | diverged |
      | --- | --- | --- |
      | shallow | 0 of 20 (0% to 16%) | 0 of 20 (0% to 16%) |
      | balanced | 20 of 20 (84% to 100%) | 0 of 20 (0% to 16%) |
      "
    `);
  });

  test("names are neither markup nor cell borders", () => {
    const markdown = asMarkdown(hostileReport());
    expect(markdown.replaceAll("<br>", "")).not.toContain("<");
    const rows = markdown.split("\n").filter((line) => line.startsWith("| "));
    const borders = rows.map((line) => line.replaceAll("\\|", "").split("|").length);
    expect(new Set(borders)).toEqual(new Set([8, 5]));
  });

  test.each([
    ["1. list", "1\\. list"],
    ["- list", "\\- list"],
    ["# title", "\\# title"],
    ["a_b*c*[x](y)", "a\\_b\\*c\\*\\[x\\](y)"],
    ["a\nb", "a b"],
    ["<b>&amp;", "&lt;b&gt;&amp;amp;"],
    ["0.5", "0.5"],
  ])("%j is written %j", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe("as HTML", () => {
  const html = asHtml(report);

  test("is one file without network or script", () => {
    expect(html).not.toMatch(/\ssrc=|<link|@import|url\(|\son\w+=/);
    const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
    expect(scripts).toEqual(['<script type="application/json" id="report">']);
    expect(html).toContain("default-src 'none'");
    const links = [...html.matchAll(/href="([^"]{0,5})/g)].map((match) => match[1]);
    expect(links).toEqual(["data:", "data:"]);
    // The namespace of SVG is a name, not an address that anything is fetched from.
    const addresses = html.replaceAll("http://www.w3.org/2000/svg", "").match(/https?:\/\//g);
    expect(addresses).toBeNull();
  });

  test("verdicts come before cautions, cautions before curves, curves before settings", () => {
    const headings = [...html.matchAll(/<h2>([^<]*)</g)].map((match) => match[1]);
    expect(headings).toEqual([
      "Verdicts",
      "Before you quote a verdict",
      "Findings",
      "Curves",
      "Final values",
      "Settings",
      "How to read this",
    ]);
  });

  test("the embedded report and the download are the report", () => {
    const embedded = /id="report">(.*?)<\/script>/s.exec(html)![1];
    expect(JSON.parse(embedded)).toEqual(report);
    const [json, csv] = [...html.matchAll(/href="data:[^,]*,([^"]*)"/g)].map((match) =>
      decodeURIComponent(match[1].replaceAll("&#39;", "'").replaceAll("&amp;", "&")),
    );
    expect(json).toBe(asJson(report));
    expect(csv).toBe(curvesCsv(report));
  });

  test("every plot says what it shows and has its numbers behind it", () => {
    expect(html).toContain(
      'aria-label="Training loss over 3 epochs. Medians after the last: shallow 0.664, balanced 0.344; best constant predictor 0.690."',
    );
    expect(html.match(/<figure>/g)).toHaveLength(4);
    expect(html.match(/<summary>Numbers/g)).toHaveLength(4);
  });

  test("what all variants share is said once", () => {
    const page = html.slice(0, html.indexOf("<footer>"));
    expect(page.match(/optimizer adam/g)).toHaveLength(1);
  });

  test("names are text", () => {
    const hostile = asHtml(hostileReport());
    expect(hostile).not.toMatch(/<img|<b>|<script>/);
    expect(hostile).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(hostile.match(/<\/script>/g)).toHaveLength(1);
    expect(hostile).not.toContain("\u001b");
  });

  test("an empty trace is a page too", () => {
    const empty = makeReport(traceOf({ training: { net: [] }, planned: 3 }), []);
    expect(asHtml(empty)).toContain("Interrupted: 0 of 3 planned runs have finished");
    expect(asText(empty)).toContain("0 of 3 planned");
    expect(asMarkdown(empty)).toContain("0 of 3 planned");
  });
});

test("curves as CSV: gaps are empty, formulas are inert", () => {
  const csv = curvesCsv(
    makeReport(traceOf({ training: { '=a,"b"': [{ loss: [0.5, Number.NaN] }] } }), []),
  );
  expect(csv).toBe(
    'variant,metric,epoch,median,p10,p90\r\n"\'=a,""b""",loss,1,0.5,0.5,0.5\r\n"\'=a,""b""",loss,2,,,\r\n',
  );
});

describe("cautions", () => {
  const says = (table: Parameters<typeof traceOf>[0]) => cautions(makeReport(traceOf(table), []));
  const chance = { loss: 0.69, accuracy: 0.5, valLoss: 0.695, valAccuracy: 0.5 };

  test("no variant beats the constant: no signal, with the nearest", () => {
    expect(says({ chance, training: { a: runs(0.5, 0.7), b: runs(0.5, 0.9) } })[0]).toBe(
      "No signal: after the last epoch no variant predicts new rows better than the best constant predictor, so differences between variants are differences in fitting noise. The nearest, a: validation loss +0.0095 (95% +0.0070 to +0.0120, 20 training seeds) against the constant's (0.695).",
    );
  });

  test("one of two beats it", () => {
    expect(says({ chance, training: { a: runs(0.5, 0.6), b: runs(0.5, 0.9) } })[0]).toBe(
      "After the last epoch b does not predict new rows better than the best constant predictor.",
    );
  });

  test("right but unsure is signal: accuracy counts beyond the test part's sampling error", () => {
    // 200 test rows: 1.96 sqrt(0.25 / 200) = 0.069.
    expect(says({ chance, training: { a: runs(0.5, 0.9, 0.58) } })).toHaveLength(1);
    expect(says({ chance, training: { a: runs(0.5, 0.9, 0.56) } })[0]).toMatch(/^No signal/);
  });

  test("no test part", () => {
    const table = { chance: { loss: 0.69, accuracy: 0.5 }, training: { a: [{ loss: [0.5] }] } };
    expect(says(table)[0]).toMatch(/^No test part/);
  });

  test("few seeds are no sign of a missing signal", () => {
    expect(says({ chance, training: { a: runs(0.5, 0.9).slice(0, 3) } })).toEqual([
      "Few seeds: 3 training seeds and 1 data seed; a verdict needs 6 of one kind.",
    ]);
  });

  test("many data seeds and a signal: nothing to warn of", () => {
    const a = runs(0.5, 0.6);
    expect(says({ chance, training: { a }, data: { a } })).toEqual([]);
  });
});
