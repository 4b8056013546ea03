// The look of report.html: one column of text, one accent colour, light and dark, and print.

/**
 * The sections of a report, wherever they stand; colours are --ink, --muted, --soft, --rule, --tint,
 * --accent and --paper.
 */
export const REPORT_STYLE = `
h1, h2, h3 { line-height: 1.25; text-wrap: balance; margin: 0; font-weight: 650; }
h1 { font-size: 1.9rem; letter-spacing: -0.015em; }
h2 { font-size: 1.25rem; margin: 3rem 0 1rem; }
h3 { font-size: 1.05rem; }
p, li, dd { max-width: 44rem; }
p { margin: 0.4rem 0; }
.quiet { color: var(--muted); }
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.claims { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--rule); }
.claims > li { max-width: none; padding: 1.1rem 0; border-bottom: 1px solid var(--rule); display: grid; gap: 0.35rem 1.25rem; grid-template-columns: 8.5rem minmax(0, 1fr); }
.claims > li > div { min-width: 0; }
.verdict { align-self: start; justify-self: start; font-size: 0.85rem; font-weight: 650; line-height: 1.3; padding: 0.2rem 0.65rem; border-radius: 1rem; border: 1.5px solid var(--muted); color: var(--muted); white-space: nowrap; }
.verdict.supported { background: var(--accent); border-color: var(--accent); color: var(--paper); }
.verdict.contradicted { background: var(--ink); border-color: var(--ink); color: var(--paper); }
.cautions { margin: 1.5rem 0 0; padding: 0.9rem 1.25rem; background: var(--tint); border-left: 4px solid var(--accent); }
.cautions ul { margin: 0; padding-left: 1.1rem; }
.cautions li + li { margin-top: 0.5rem; }
.findings { list-style: none; margin: 0; padding: 0; }
.findings > li { margin: 0.8rem 0 1.1rem; padding-left: 0.9rem; border-left: 3px solid var(--rule); }
.findings h4 { font-size: 0.95rem; margin: 0 0 0.2rem; overflow-wrap: anywhere; }
.findings p { margin: 0.2rem 0; }
.findings pre { margin: 0.2rem 0 0.6rem; padding: 0.6rem; background: var(--tint); font-size: 0.8rem; overflow-x: auto; max-height: 24rem; }
.severity.error + .findings > li { border-color: var(--ink); }
.severity.warning + .findings > li { border-color: var(--accent); }
.cautions h2 { font-size: 1.05rem; margin: 0 0 0.4rem; }
.answer { margin: 1.5rem 0 0; padding: 1rem 1.25rem; border: 1px solid var(--rule); border-left: 4px solid var(--accent); background: var(--tint); }
.answer p { max-width: none; }
.outcome { font-weight: 650; font-size: 0.85rem; letter-spacing: 0.02em; color: var(--accent); margin: 0; }
.lead { font-size: 1.15rem; line-height: 1.5; text-wrap: pretty; }
.causes { margin: 0; padding-left: 1.4rem; }
.causes > li { max-width: none; margin: 0 0 1.4rem; padding-left: 0.3rem; }
.causes > li::marker { font-weight: 650; }
.where { font-weight: 400; color: var(--muted); font-size: 0.95rem; overflow-wrap: anywhere; }
.evidence { margin-top: 0.5rem; font-size: 0.95rem; grid-template-columns: 6rem minmax(0, 1fr); }
.evidence dd { grid-column: 2; }
details + h3 { margin-top: 1.5rem; }
.forest { max-width: 46rem; margin: 0.75rem 0; }
section > pre, details > pre { margin: 0.6rem 0; padding: 0.75rem 0.9rem; background: var(--tint); font-size: 0.85rem; line-height: 1.45; overflow-x: auto; max-height: 32rem; }
section > ul { padding-left: 1.2rem; margin: 0.5rem 0; }
.plots { display: grid; gap: 2.25rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); margin-top: 1.25rem; }
figure { margin: 0; max-width: 38rem; min-width: 0; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg.narrow { display: none; }
@media (max-width: 30rem) { svg.wide { display: none; } svg.narrow { display: block; } }
details { margin-top: 0.5rem; }
summary { cursor: pointer; color: var(--muted); font-size: 0.9rem; width: fit-content; }
summary:hover { color: var(--accent); }
.scroll { overflow-x: auto; }
.tall { max-height: 22rem; overflow-y: auto; }
table { border-collapse: collapse; font-size: 0.9rem; margin: 0.5rem 0; }
th, td { text-align: left; font-weight: 400; padding: 0.3rem 1.1rem 0.3rem 0; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
th[scope="col"] { color: var(--muted); font-size: 0.82rem; }
th[scope="rowgroup"] { font-weight: 650; padding-top: 1.1rem; }
td.number { white-space: nowrap; }
dl { margin: 0; display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: 0.3rem 1.25rem; }
dt { color: var(--muted); }
dd { margin: 0; }
dl + h3, .scroll + h3 { margin-top: 1.5rem; }
h3 + dl { margin-top: 0.5rem; }
.downloads { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; }
`;

export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #22262b; --muted: #5b636e; --soft: #6b7480; --rule: #dcdfe3; --tint: #f2f4f6; --accent: #1a5fb4;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15181d; --ink: #e3e6ea; --muted: #9ba4af; --soft: #8d97a3; --rule: #30363e; --tint: #1d2127; --accent: #82b4f4; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --muted: #444; --soft: #6b7480; --rule: #bbb; --tint: #fff; --accent: #1a5fb4; }
}
:root { --plot-paper: var(--paper); --plot-ink: var(--ink); --plot-accent: var(--accent); --plot-grey: var(--soft); }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
footer { padding-bottom: 4rem; color: var(--muted); }
${REPORT_STYLE}@media (max-width: 40rem) {
  header { padding-top: 1.75rem; }
  h1 { font-size: 1.5rem; }
  .claims > li, dl { grid-template-columns: minmax(0, 1fr); }
  dl { gap: 0; }
  dd { margin-bottom: 0.7rem; }
  th, td { padding-right: 0.8rem; }
}
@media print {
  body { font-size: 10pt; }
  .downloads, summary { display: none; }
  .claims > li, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .tall { max-height: none; }
}
`;
