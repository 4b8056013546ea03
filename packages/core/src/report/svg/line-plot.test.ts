import { describe, expect, test } from "vitest";
import { type LinePlot, linePlot } from "./line-plot.ts";

function plot(parts: Partial<LinePlot>): string {
  return linePlot({
    description: "training loss",
    xLabel: "epoch",
    yLabel: "training loss",
    lines: [],
    width: 480,
    height: 300,
    ...parts,
  });
}

/** Coordinates of the curves and bands, in drawing order. */
function paths(svg: string): string[] {
  return [...svg.matchAll(/<path d="([^"]*)"/g)].map((match) => match[1]);
}

function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((match) => match[1]);
}

test("a small plot, drawn", () => {
  const lines = [
    { name: "net", values: [0.7, 0.5, 0.4], low: [0.6, 0.5, 0.3], high: [0.8, 0.6, 0.4] },
  ];
  const svg = plot({ lines, reference: { value: 0.69, label: "best constant predictor" } });
  expect(svg.replaceAll("><", ">\n<")).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 300" width="480" height="300" role="img" aria-label="training loss" font-size="12" font-family="inherit" fill="currentColor">
    <line x1="30.9" x2="445.1" y1="261" y2="261" stroke="currentColor" stroke-opacity="0.55"/>
    <text x="24.9" y="265" text-anchor="end" fill-opacity="0.75">0.3</text>
    <line x1="30.9" x2="445.1" y1="214.8" y2="214.8" stroke="currentColor" stroke-opacity="0.13"/>
    <text x="24.9" y="218.8" text-anchor="end" fill-opacity="0.75">0.4</text>
    <line x1="30.9" x2="445.1" y1="168.6" y2="168.6" stroke="currentColor" stroke-opacity="0.13"/>
    <text x="24.9" y="172.6" text-anchor="end" fill-opacity="0.75">0.5</text>
    <line x1="30.9" x2="445.1" y1="122.4" y2="122.4" stroke="currentColor" stroke-opacity="0.13"/>
    <text x="24.9" y="126.4" text-anchor="end" fill-opacity="0.75">0.6</text>
    <line x1="30.9" x2="445.1" y1="76.2" y2="76.2" stroke="currentColor" stroke-opacity="0.13"/>
    <text x="24.9" y="80.2" text-anchor="end" fill-opacity="0.75">0.7</text>
    <line x1="30.9" x2="445.1" y1="30" y2="30" stroke="currentColor" stroke-opacity="0.13"/>
    <text x="24.9" y="34" text-anchor="end" fill-opacity="0.75">0.8</text>
    <line x1="30.9" x2="30.9" y1="261" y2="265" stroke="currentColor" stroke-opacity="0.55"/>
    <text x="30.9" y="278" text-anchor="middle" fill-opacity="0.75">1</text>
    <line x1="238" x2="238" y1="261" y2="265" stroke="currentColor" stroke-opacity="0.55"/>
    <text x="238" y="278" text-anchor="middle" fill-opacity="0.75">2</text>
    <line x1="445.1" x2="445.1" y1="261" y2="265" stroke="currentColor" stroke-opacity="0.55"/>
    <text x="445.1" y="278" text-anchor="middle" fill-opacity="0.75">3</text>
    <text x="0" y="12" font-weight="600">training loss</text>
    <text x="238" y="297" text-anchor="middle" fill-opacity="0.75">epoch</text>
    <path d="M30.9,30L238,122.4L445.1,214.8L445.1,261L238,168.6L30.9,122.4Z" fill="var(--plot-accent, #1a5fb4)" fill-opacity="0.14" stroke="none"/>
    <line x1="30.9" x2="445.1" y1="80.8" y2="80.8" stroke="currentColor" stroke-dasharray="4 4" stroke-opacity="0.8"/>
    <path d="M30.9,76.2L238,168.6L445.1,214.8" fill="none" stroke="var(--plot-accent, #1a5fb4)" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">
    <title>net</title>
    </path>
    <text x="454.1" y="218.8" fill="var(--plot-accent, #1a5fb4)" font-weight="600">net</text>
    <text x="281" y="75.8" font-style="italic" stroke="var(--plot-paper, #ffffff)" stroke-width="3" stroke-linejoin="round" paint-order="stroke">best constant predictor</text>
    </svg>"
  `);
});

test("says in words what it shows, for readers who do not see it", () => {
  expect(plot({ description: 'a "b" <c>' })).toMatch(
    /^<svg [^>]*role="img" aria-label="a &quot;b&quot; &lt;c&gt;"/,
  );
});

test("holds nothing that a strict content-security policy forbids", () => {
  const svg = plot({ lines: [{ name: "a", values: [1, 2] }] });
  expect(svg).not.toMatch(/style=|<style|<script|\son\w+=|href/);
});

test("a name is text and nothing else", () => {
  const name = `<img src=x onerror="alert(1)">`;
  const svg = plot({ lines: [{ name, values: [1, 2] }], yLabel: name, xLabel: name });
  expect(svg).not.toContain("<img");
  expect(svg).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
});

describe("gaps", () => {
  test("split the curve; a single epoch between them is a dot", () => {
    const [curve] = paths(plot({ lines: [{ name: "a", values: [1, 2, null, 3, null, 2, 1] }] }));
    expect(
      curve
        .split("M")
        .slice(1)
        .map((piece) => piece.split("L").length),
    ).toEqual([2, 2, 2]);
    const [, dot] = curve.split("M").slice(1);
    expect(dot.split("L")[0]).toBe(dot.split("L")[1]);
  });

  test("a line that ends early keeps its name, with a leader", () => {
    const early = plot({ lines: [{ name: "gone", values: [1, 2, null, null] }] });
    expect(texts(early)).toContain("gone");
    expect(early).toContain('stroke-opacity="0.3"');
  });

  test("a line without any value has no path and no name", () => {
    const svg = plot({ lines: [{ name: "never", values: [null, null] }] });
    expect(paths(svg)).toEqual([]);
    expect(texts(svg)).not.toContain("never");
  });
});

test("more than two decades are drawn on a log scale, and it says so", () => {
  const svg = plot({ lines: [{ name: "a", values: [1000, 1] }] });
  expect(texts(svg)).toContain("training loss, log scale");
});

test("the seventh line is told from the first by its dashes", () => {
  const lines = Array.from({ length: 7 }, (_, i) => ({ name: `v${i}`, values: [i, i + 1] }));
  const dashes = [...plot({ lines }).matchAll(/<path [^>]*?fill="none"[^>]*>/g)].map(
    ([path]) => /stroke-dasharray="([^"]*)"/.exec(path)?.[1],
  );
  expect(dashes).toEqual([undefined, undefined, undefined, "7 3", "7 3", "7 3", "2 3"]);
});

test("names at the line ends do not cover each other", () => {
  const lines = Array.from({ length: 40 }, (_, i) => ({
    name: `variant-${i}`,
    values: [0, 1 + i / 1e6],
  }));
  const labels = [...plot({ lines }).matchAll(/<text x="[\d.]+" y="([\d.]+)"[^>]*>variant/g)];
  const heights = labels.map((match) => Number(match[1])).sort((a, b) => a - b);
  expect(heights.length).toBeGreaterThan(10);
  heights.slice(1).forEach((y, i) => {
    expect(y - heights[i]).toBeGreaterThan(12);
  });
});

test("a long curve is thinned and keeps its spikes", () => {
  const values = Array.from({ length: 100_000 }, (_, i) => (i === 54_321 ? 9 : 1));
  const svg = plot({ lines: [{ name: "a", values }] });
  expect(svg.length).toBeLessThan(20_000);
  const heights = paths(svg)[0]
    .split(/[ML]/)
    .slice(1)
    .map((pair) => Number(pair.split(",")[1]));
  expect(new Set(heights).size).toBe(2);
});
