import { expect, test } from "vitest";
import { madeUpCurve, madeUpTrials } from "../../../test/made-up-trials.ts";
import { sweepOf } from "../../../test/sweep-of.ts";
import type { Sweep } from "../sweep.ts";
import type { TrialRecord } from "../trial-record.ts";
import { sweepReportHtml } from "./as-html.ts";
import { sweepReportMarkdown } from "./as-markdown.ts";
import { sweepReportText } from "./as-text.ts";
import type { SweepReport } from "./sweep-report.ts";
import { SweepReporter } from "./sweep-reporter.ts";

function reportOf(
  sweeps: readonly Sweep[],
  lossOf: (params: TrialRecord["params"], index: number) => number | null,
  hasCurves = true,
): SweepReport {
  const parts = sweeps.map((sweep) => {
    const reporter = new SweepReporter(sweep);
    const records = [...madeUpTrials(sweep, lossOf)];
    for (const record of records) reporter.add(record);
    const curveOf = (trial: number) => (hasCurves ? madeUpCurve(records[trial]) : undefined);
    return reporter.report({ name: sweep.name, folders: [`runs/${sweep.name}`], curveOf });
  });
  return { version: 1, metric: sweeps[0].metric, sweeps: parts };
}

const small = (name = "small") =>
  sweepOf({ name, parameters: { lr: [0.1, 0.2, 0.3], "train.batchSize": [2, 4] } });

const byRate = ({ lr }: TrialRecord["params"], index: number) =>
  index === 5 ? null : 2 * (lr as number);

test("the text", () => {
  expect(sweepReportText(reportOf([small()], byRate))).toMatchInlineSnapshot(`
    "small: 6 trials of 2 networks each, validation loss, least first
    5 complete, 1 diverged

    Best trials
        mean    95% interval           behind the first  epochs  state     parameters
    1  0.201  0.194 to 0.207                          –       6  complete  lr=0.1 train.batchSize=2
    2  0.201  0.194 to 0.207                 0 (0 to 0)       6  complete  lr=0.1 train.batchSize=4
    3  0.401  0.394 to 0.407  +0.200 (+0.200 to +0.200)       6  complete  lr=0.2 train.batchSize=2
    4  0.401  0.394 to 0.407  +0.200 (+0.200 to +0.200)       6  complete  lr=0.2 train.batchSize=4
    5  0.600  0.594 to 0.607  +0.400 (+0.400 to +0.400)       6  complete  lr=0.3 train.batchSize=2
    6      –               –                          –       6  diverged  lr=0.3 train.batchSize=4

    What matters
    share  chance  trials  best at  parameter
    94.9%    0.5%       6  0.1      lr
       0%     85%       6  –        train.batchSize

    Share: how much of the variance of the trials' places, from the best to the
    worst, a parameter's value alone explains. Chance: how likely such a share is
    for a parameter that does nothing. Best at: the value whose trials stand best in
    the middle, where the share is 1% or more and the chance 5% or less. Together
    94.9%; what is left is what parameters do only with one another, and noise.

    Before you quote a number
      - The first of 6 trials is partly the luckiest: it was chosen by the value
        that is shown, which flatters it. Train it again with other seeds before you
        quote the value.
      - 1 trial has no value, because a network diverged or has no finite loss: last
        in places and shares, left out of medians.
    "
  `);
});

test("several sweeps are compared first", () => {
  const report = reportOf([small("wide"), small("deep")], byRate);
  const text = sweepReportText(report);
  expect(text.indexOf("Best of each, by validation loss")).toBe(0);
  expect(text).toContain("deep: 6 trials");
  const html = sweepReportHtml(report);
  expect(html).toContain("<h2>Best of each, by validation loss</h2>");
  expect(html).toContain("<h2>deep: What matters</h2>");
  expect(html).toContain("<title>Sweeps wide and deep</title>");
  expect(sweepReportMarkdown(report)).toContain("## Best of each, by validation loss");
  for (const rendered of [text, html]) expect(rendered).not.toContain("different rows");
});

test("sweeps over different data say so", () => {
  const { data } = small().spec;
  const other = sweepOf({
    spec: { data: { ...data, split: { testSize: 0.5 } } },
    parameters: { lr: [0.1, 0.2] },
  });
  const report = reportOf([small(), other], byRate);
  for (const render of [sweepReportText, sweepReportMarkdown, sweepReportHtml]) {
    expect(render(report)).toContain("trained on different rows");
  }
});

test("a sweep without a trial says so", () => {
  const report = reportOf([small()], byRate);
  const reporter = new SweepReporter(small());
  const empty = { ...report, sweeps: [reporter.report({ name: "small", folders: [] })] };
  expect(sweepReportText(empty)).toBe(
    "small: 0 of 6 trials of 2 networks each, validation loss, least first\n",
  );
  expect(sweepReportHtml(empty)).toContain("No trial has finished.");
  expect(sweepReportMarkdown(empty)).toContain("0 of 6 trials");
});

test("where nothing has a value there is no picture, and no number", () => {
  const report = reportOf([small()], () => null);
  const html = sweepReportHtml(report);
  expect(html).not.toMatch(/NaN|Infinity|undefined/);
  expect(html).not.toContain("All together");
  expect(sweepReportText(report)).not.toMatch(/NaN|Infinity|undefined/);
});

test("the page asks for nothing: no script that runs, no address but those of a namespace", () => {
  const html = sweepReportHtml(reportOf([small()], byRate));
  const addresses = [...html.matchAll(/https?:\/\/[^"' <)]+/g)].map(([address]) => address);
  expect([...new Set(addresses)]).toEqual(["http://www.w3.org/2000/svg"]);
  expect(html.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="report">']);
  expect(html).toContain("default-src 'none'");
});

test("each plot is drawn for pages and for phones, and has its numbers behind it", () => {
  const html = sweepReportHtml(reportOf([small()], byRate));
  // Two metrics' curves, importance, two parameters, all together.
  expect(html.match(/<svg class="wide"/g)).toHaveLength(6);
  expect(html.match(/<svg class="narrow"/g)).toHaveLength(6);
  expect(html.match(/<summary>Numbers<\/summary>/g)).toHaveLength(5);
  expect(html).not.toMatch(/NaN|Infinity|undefined/);
});

test("the best trials' curves, the sweep's metric first, each named by what matters most", () => {
  const html = sweepReportHtml(reportOf([small()], byRate));
  const section = html.slice(html.indexOf("How the best learned"), html.indexOf("What matters"));
  const [validation, training] = section.split("<figure>").slice(1);
  expect(validation).toContain(
    "Validation loss of the best trials over 6 epochs. After the last of each: 1: 0.1, 0.200; 2: 0.1, 0.200; 3: 0.2, 0.401; 4: 0.2, 0.401; 5: 0.3, 0.600.",
  );
  expect(section).toContain("and behind it is its lr.");
  expect(training).toContain("Training loss of the best trials over 6 epochs");
  // The sixth has no validation loss that is finite, and a training loss.
  expect(validation.match(/<title>\d: 0/g)).toHaveLength(2 * 5);
  expect(training.match(/<title>\d: 0/g)).toHaveLength(2 * 6);
  expect(validation).toContain('<th scope="row">6</th><td class="number">0.200</td>');
});

test("folders without curves have a report without them", () => {
  const report = reportOf([small()], byRate, false);
  expect(report.sweeps[0].best.map(({ curve }) => curve)).toEqual(new Array(6).fill(null));
  expect(sweepReportHtml(report)).not.toContain("How the best learned");
});

const HOSTILE = `<img src=x onerror="alert(1)">&'|\`*_\u001b[31m\u202e`;

/** Names and values are whatever somebody wrote into a file. */
function hostileReport(): SweepReport {
  const { sweeps, ...report } = reportOf([small()], byRate);
  const [swept] = sweeps;
  const renamed = (params: TrialRecord["params"]) => ({ ...params, [HOSTILE]: HOSTILE });
  return {
    ...report,
    sweeps: [
      {
        ...swept,
        name: HOSTILE,
        engines: [HOSTILE],
        folders: [HOSTILE],
        best: swept.best.map((trial) => ({ ...trial, params: renamed(trial.params) })),
        shown: swept.shown.map((trial) => ({ ...trial, params: renamed(trial.params) })),
        parameters: swept.parameters.map((parameter, i) => ({
          ...parameter,
          name: i === 0 ? HOSTILE : parameter.name,
          levels: parameter.levels.map(({ range: _, ...level }) => ({
            ...level,
            label: `${HOSTILE}${level.label}`,
          })),
        })),
      },
    ],
  };
}

test("names and values that are markup stay text", () => {
  const html = sweepReportHtml(hostileReport());
  expect(html).not.toContain("<img");
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  const markdown = sweepReportMarkdown(hostileReport());
  expect(markdown).not.toContain("<img");
  expect(markdown).toContain("&lt;img src=x");
  for (const line of markdown.split("\n").filter((line) => line.startsWith("|"))) {
    expect(line.replaceAll(/\\[|]/g, "").match(/\|/g)!.length).toBeLessThan(9);
  }
});

test("names cannot steer a terminal", () => {
  const text = sweepReportText(hostileReport());
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("\u202e");
});
