// The article re-told: each of its statements, the experiment that tests it, and the verdict.

import { causeName, cautions, claimsList, learnabilityText } from "@convergence-lab/core/rendering";
import type { Experiment, Statement } from "../experiments/article.ts";
import { address } from "../render/addresses.ts";
import { Html, html, NOTHING } from "../render/html.ts";
import { lab } from "../render/lab.ts";
import type { Page } from "../render/page.ts";
import type { JobResult } from "../results/job.ts";
import type { SiteContent } from "../site-content.ts";

export function articlePage({ statements, experiments }: SiteContent): Page {
  const verdicts = [...experiments.values()].flatMap(({ report }) => report.claims);
  const withVerdict = (wanted: string) =>
    verdicts.filter(({ verdict }) => verdict === wanted).length;
  return {
    path: "article.html",
    title: "The article, tested",
    description:
      "What an article says about classification networks that do not converge, each statement beside the experiment that tests it, with a verdict over seeds.",
    section: "article",
    siblings: {
      title: "On this page",
      links: statements.map(({ id, title }) => ({ path: `article.html#${id}`, title })),
    },
    body: html`<h1>What an article says, tested</h1>
<p class="lead">“Why does my TensorFlow 2.1 classification network fail to converge?” lists causes, gives advice and shows three experiments. Here every statement is a claim in numbers, and the claim is trained: ${verdicts.length} claims, of which ${withVerdict("supported")} are supported, ${withVerdict("contradicted")} contradicted and ${withVerdict("undecided")} undecided.</p>
<p>A claim is judged over <em>training seeds</em>, which draw first weights and the order of batches, and, where data can be drawn or split anew, over <em>data seeds</em> too. It is supported when the 95% interval lies on its side of no difference on both, contradicted when it lies on the other side, and otherwise undecided. The statements are told in our words. Everything that has a number was computed when this page was built; run any of it again where it stands.</p>
${statements.map((statement) => section(statement, experiments))}`,
  };
}

function section(
  { id, title, says, causes, experiments }: Statement,
  results: SiteContent["experiments"],
): Html {
  const links = causes.map(
    (cause, i) =>
      html`${i > 0 && ", "}<a href="${address(`causes/${cause}.html`)}">${causeName(cause)}</a>`,
  );
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<blockquote><p>${says}</p></blockquote>
${experiments.map((experiment) => tested(experiment, results.get(experiment.id)!))}
<p class="quiet">${causes.length === 1 ? "The cause" : "The causes"} behind it: ${links}</p>
</section>`;
}

function tested(experiment: Experiment, { report, learnability }: JobResult): Html {
  const { id, about, source, shows } = experiment;
  const notes = cautions(report).map((text) => html`<p>${text}</p>`);
  return html`<p>${about}</p>
${learnability === null ? NOTHING : html`<p>${learnabilityText(learnability)}</p>`}
${new Html(claimsList(report.claims))}
${notes.length === 0 ? NOTHING : html`<div class="caution">${notes}</div>`}
${lab({ id: `lab-${id}`, source, report, shows })}`;
}
