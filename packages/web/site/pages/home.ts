// The home page: the question, an answer that runs, and where to go on.

import { CAUSES, type CauseId } from "@convergence-lab/core";
import { address } from "../render/addresses.ts";
import { type Html, html } from "../render/html.ts";
import { lab } from "../render/lab.ts";
import type { Page } from "../render/page.ts";
import type { SiteContent } from "../site-content.ts";

const QUESTION = "Why does my classification network fail to converge, and what fixes it?";

export function homePage(content: SiteContent): Page {
  const { experiments, statements } = content;
  const { shows } = statements[0].experiments[0];
  const { report } = experiments.get("article-1")!;
  return {
    path: "index.html",
    title: "Convergence Lab",
    description: `${QUESTION} A diagnosis with evidence, and a proof over many seeds of every change that it proposes.`,
    section: null,
    body: html`<div class="hero">
<h1>${QUESTION}</h1>
<p class="lead">For one of ${CAUSES.length} causes, and several look alike on a loss curve. The lab makes the change that would undo a cause, trains the network with and without it over many seeds, and names what is proved to help. Here: one feature in the thousands, one in the hundredths.</p>
</div>
<section aria-label="An example that runs">
${lab({ id: "home-lab", source: "article-1", report, shows, withClaims: true, autoplay: true })}
</section>
${symptoms()}
<section aria-labelledby="claims">
<h2 id="claims">What is said about it, tested</h2>
<p>The lab began with an article that lists causes and shows three experiments. <a href="${address("article.html")}">Each of its statements</a> stands beside the experiment that tests it, with a verdict over seeds:</p>
${verdictTable(content)}
</section>
<section aria-labelledby="yours">
<h2 id="yours">Your own network</h2>
<p>Paste a spec or drop a table into the <a href="${address("playground.html")}">playground</a>; it stays in this browser. Or, with Node, in a checkout of this project:</p>
<pre tabindex="0"><code>npm run --silent clab -- diagnose table.csv --target COLUMN --model mine.keras</code></pre>
<p>It says what is wrong, what would mend it and how sure that is: <a href="${address("guides/diagnose.html")}">how a diagnosis is read</a>. The running examples on these pages are one element, which <a href="${address("guides/embedding.html")}">any page can hold</a>.</p>
</section>`,
  };
}

/** What people see first, and the causes that show themselves so. */
const SYMPTOMS: readonly { readonly seen: string; readonly causes: readonly CauseId[] }[] = [
  {
    seen: "The loss is flat from the first epoch, at the value of a constant answer",
    causes: [
      "no-signal",
      "dead-units",
      "vanishing-gradients",
      "initialization",
      "output-activation",
    ],
  },
  {
    seen: "The loss is no number, at once or after a good start",
    causes: ["missing-values", "label-encoding", "exploding-gradients", "learning-rate-too-high"],
  },
  {
    seen: "The loss jumps up and down",
    causes: ["learning-rate-too-high", "unscaled-features", "batch-size"],
  },
  {
    seen: "The loss falls, and hardly",
    causes: ["learning-rate-too-low", "too-few-epochs", "optimizer", "unscaled-features"],
  },
  {
    seen: "One class is answered for every row",
    causes: ["class-imbalance", "output-activation", "dead-units"],
  },
  {
    seen: "Right on the training rows, wrong on new ones",
    causes: ["overfitting", "leaking-column", "too-little-data", "batch-normalization"],
  },
  {
    seen: "Wrong on both, however long it trains",
    causes: ["too-small-network", "too-much-regularization", "hidden-activation", "label-noise"],
  },
  {
    seen: "Some seeds learn and others do not",
    causes: ["dead-units", "initialization", "too-small-network"],
  },
];

function symptoms(): Html {
  const rows = SYMPTOMS.map(
    ({ seen, causes }) =>
      html`<tr><th scope="row">${seen}</th><td>${causes.map((id, i) => html`${i > 0 && ", "}${causeLink(id)}`)}</td></tr>`,
  );
  return html`<section aria-labelledby="symptoms">
<h2 id="symptoms">What do you see?</h2>
<div class="scroll" role="group" aria-label="Symptoms and causes" tabindex="0"><table class="symptoms">
<thead><tr><th scope="col">in the curves</th><th scope="col">where to look</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
<p><a href="${address("causes/index.html")}">All ${CAUSES.length} causes</a></p>
</section>`;
}

function causeLink(id: CauseId): Html {
  return html`<a href="${address(`causes/${id}.html`)}">${id.replaceAll("-", " ")}</a>`;
}

function verdictTable({ statements, experiments }: SiteContent): Html {
  const groups = statements.map(({ id, title, experiments: tested }) => {
    const claims = tested.flatMap(({ id: name }) => experiments.get(name)!.report.claims);
    const rows = claims.map(
      ({ text, verdict }) =>
        html`<tr><td><span class="verdict ${verdict}">${verdict}</span></td><td>${text}</td></tr>`,
    );
    const head = html`<a href="${address("article.html")}#${id}">${title}</a>`;
    return html`<tbody><tr><th scope="rowgroup" colspan="2">${head}</th></tr>${rows}</tbody>`;
  });
  return html`<div class="scroll" role="group" aria-label="Verdicts" tabindex="0"><table class="verdicts">
<thead><tr><th scope="col">verdict</th><th scope="col">claim</th></tr></thead>
${groups}
</table></div>`;
}
