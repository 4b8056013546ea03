// The benchmark page: what the repository has measured, and what this browser measures on a click.

import { committedRates } from "../benchmark/committed.ts";
import { comparison } from "../benchmark/rates.ts";
import { address } from "../render/addresses.ts";
import { Html, html } from "../render/html.ts";
import type { Page } from "../render/page.ts";
import type { SiteContent } from "../site-content.ts";

export function benchmarkPage({ pages }: SiteContent): Page {
  const committed = committedRates();
  const origins = committed.map(({ adapter, origin }) => {
    const page = pages.get(origin.replace(/json$/, "md"));
    const file =
      page === undefined ? html`${origin}` : html`<a href="${address(page)}">${origin}</a>`;
    return html`<li>${adapter}: ${file}</li>`;
  });
  return {
    path: "benchmark.html",
    title: "Benchmark",
    description:
      "How many training steps a second your browser does, measured on a click, beside the measurements that this project keeps.",
    section: "benchmark",
    body: html`<h1>How fast is it here?</h1>
<p class="lead">A training step of one network is a model-step; a population of 64 networks makes 64 of them at once. The button runs the kernels of <code>clab bench</code> in this browser: each is compared with the reference before it is timed, and one that is wrong gets no time.</p>
<div class="fix">
<button type="button" class="action" data-benchmark disabled>Measure this browser</button>
<p data-benchmark-says>This needs JavaScript. It takes half a minute or so, and keeps the device busy for it.</p>
</div>
<progress data-benchmark-progress value="0" max="1" aria-label="Progress of the measurement" hidden></progress>
<section aria-labelledby="compared">
<h2 id="compared">Training steps</h2>
<p class="quiet">Batches of 32, Adam. Shapes are inputs and units of each layer: 20-64-32-1 has 20 inputs, two hidden layers and one output. A dash is not measured.</p>
<div data-benchmark-comparison>${new Html(comparison(committed))}</div>
<ul class="quiet">${origins}</ul>
</section>
<script type="application/json" data-benchmark-committed>${jsonInHtml(committed)}</script>`,
  };
}

/** No text of it can end the script element that holds it. */
function jsonInHtml(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}
