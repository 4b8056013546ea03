// The look of an element: that of reports, on tokens that a page can set. Sizes are in pixels and em,
// because a page's rem may be anything. Light and dark follow the page's color-scheme.

import { REPORT_STYLE } from "@convergence-lab/core";

export const VIEW_STYLE = `
:host {
  --paper: var(--lab-bg, #fdfdfb); --ink: var(--lab-fg, #22262b); --accent: var(--lab-accent, #1a5fb4);
}
@supports (color: light-dark(#000, #fff)) {
  :host {
    --paper: var(--lab-bg, light-dark(#fdfdfb, #15181d));
    --ink: var(--lab-fg, light-dark(#22262b, #e3e6ea));
    --accent: var(--lab-accent, light-dark(#1a5fb4, #82b4f4));
  }
}
:host {
  --muted: color-mix(in srgb, var(--ink) 72%, var(--paper));
  --soft: color-mix(in srgb, var(--ink) 62%, var(--paper));
  --rule: color-mix(in srgb, var(--ink) 16%, var(--paper));
  --edge: color-mix(in srgb, var(--ink) 58%, var(--paper));
  --tint: color-mix(in srgb, var(--ink) 5%, var(--paper));
  --plot-paper: var(--paper); --plot-ink: var(--series-2); --plot-accent: var(--series-1); --plot-grey: var(--series-3);
  --series-1: var(--lab-series-1, var(--accent));
  --series-2: var(--lab-series-2, var(--ink));
  --series-3: var(--lab-series-3, var(--soft));
  --series-4: var(--lab-series-4, var(--series-1));
  --series-5: var(--lab-series-5, var(--series-2));
  --series-6: var(--lab-series-6, var(--series-3));
  --series-7: var(--lab-series-7, var(--series-1));
  --series-8: var(--lab-series-8, var(--series-2));
}
${inPixels(REPORT_STYLE)}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.lab {
  container: lab / inline-size; background: var(--paper); color: var(--ink);
  border: 1px solid var(--rule); border-radius: 10px; padding: 20px;
  font: 16px/1.5 var(--lab-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif);
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; text-align: start;
}
.lab p { margin: 4px 0; }
.title, ::slotted([slot="title"]) { font-weight: 650; font-size: 19px; line-height: 1.3; letter-spacing: -0.01em; text-wrap: balance; margin: 0; }
.quiet { font-size: 14px; }
.row { display: flex; flex-wrap: wrap; gap: 10px 12px; align-items: end; }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
.stack { display: grid; gap: 12px; }
.facts { min-height: 21px; }
.controls { margin: 16px 0 4px; }
.controls .field { display: flex; align-items: center; gap: 8px; }
button {
  font: inherit; font-size: 15px; line-height: 1.3; padding: 8px 14px; border-radius: 7px; min-height: 40px;
  border: 1px solid var(--edge); background: var(--paper); color: var(--ink); cursor: pointer; text-align: start;
}
button:hover:not(:disabled) { border-color: var(--accent); color: var(--accent); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; }
button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--accent) 88%, var(--ink)); color: var(--paper); }
button.small { font-size: 14px; padding: 5px 11px; min-height: 32px; }
button:disabled { opacity: 0.55; cursor: default; }
.field { display: grid; gap: 3px; font-size: 14px; color: var(--muted); }
input, select, textarea {
  font: inherit; font-size: 15px; color: var(--ink); background: var(--paper); border: 1px solid var(--edge);
  border-radius: 7px; padding: 7px 10px; min-height: 40px; max-width: 100%; min-width: 0;
}
input:user-invalid, [aria-invalid="true"] { border-color: var(--ink); outline: 1px solid var(--ink); }
textarea { width: 100%; resize: vertical; }
.code, code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; line-height: 1.45; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
progress { display: block; width: 100%; height: 6px; margin: 12px 0 4px; appearance: none; border: 0; border-radius: 3px; background: var(--rule); accent-color: var(--accent); overflow: hidden; }
progress::-webkit-progress-bar { background: var(--rule); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.status { font-size: 14px; color: var(--muted); min-height: 21px; }
.plots { gap: 24px 28px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); margin: 14px 0 0; }
.plots > figure { max-width: 620px; }
.plots > .tall-figure { grid-row: span 2; }
.verdicts .plots > figure { max-width: 480px; }
.verdicts h2 { font-size: 17px; margin: 22px 0 8px; }
.verdicts section:first-child h2 { margin-top: 12px; }
.verdicts h3 { font-size: 15px; }
.verdicts .quiet + h3 { margin-top: 12px; }
.verdicts .lead { font-size: 17px; }
.verdicts .answer { margin-top: 12px; }
.verdicts + .row { margin-top: 14px; }
.heading { font-weight: 650; }
.found { margin-top: 22px; }
.findings > li { border-left-color: var(--rule); }
.findings > li.warning { border-left-color: var(--accent); }
.findings > li.error { border-left-color: var(--ink); }
.findings .where { font-size: 14px; }
.findings .row { margin-top: 8px; }
.panels { margin-top: 22px; }
.panel { border-top: 1px solid var(--rule); margin: 0; padding: 4px 0; }
.panel > summary { font-size: 15px; color: var(--ink); padding: 8px 4px; width: 100%; }
.panel > summary:hover { color: var(--accent); }
.panel > :not(summary) { margin: 6px 4px 14px; }
.knobs { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
.knobs input, .knobs select { width: 100%; }
.drop { border: 1.5px dashed var(--edge); border-radius: 8px; padding: 14px; }
.drop.over { border-color: var(--accent); background: var(--tint); }
.problems { margin: 0; padding: 10px 12px 10px 28px; background: var(--tint); border-left: 3px solid var(--ink); font-size: 14px; }
.notes { margin: 0; padding-left: 20px; font-size: 14px; }
.surface { display: grid; grid-template-columns: 20px minmax(0, 1fr); max-width: 400px; margin-top: 6px; }
.surface canvas { grid-column: 2; grid-row: 1; width: 100%; height: auto; aspect-ratio: 1; border: 1px solid var(--rule); }
.surface .up { grid-column: 1; grid-row: 1; writing-mode: sideways-lr; text-align: center; font-size: 12px; }
.surface .across { grid-column: 2; text-align: center; font-size: 12px; }
@supports not (writing-mode: sideways-lr) { .surface .up { writing-mode: vertical-rl; transform: rotate(180deg); } }
figcaption { font-size: 12px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 6px 0 0; padding: 0; font-size: 13px; }
.mark { vertical-align: -3px; }
@container lab (max-width: 480px) {
  svg.wide { display: none; } svg.narrow { display: block; }
  .claims > li, dl, .evidence { grid-template-columns: minmax(0, 1fr); }
  .evidence dd { grid-column: 1; }
  dl { gap: 0; }
}
@container lab (min-width: 480.1px) { svg.wide { display: block; } svg.narrow { display: none; } }
@container lab (max-width: 360px) { .controls button { width: 100%; } .facts { min-height: 42px; } }
@media print { .controls, .panels, .panel, progress, .status, button, details:not([open]) { display: none; } .lab { border: 0; padding: 0; } }
@media (prefers-reduced-motion: no-preference) { button, .drop { transition: border-color 0.12s, background-color 0.12s; } }
`;

/** A report's sizes stand on a root of 16 pixels, which is theirs alone. */
function inPixels(style: string): string {
  return style.replace(/([\d.]+)rem/g, (_, size) => `${16 * Number(size)}px`);
}
