// What a page needs to show a report that was made elsewhere: the report as one HTML document, and
// its plots as SVG strings. No device, no DOM.

export { asHtml, type LinePlot, linePlot, type Report } from "@convergence-lab/core";
