// A page per cause: what docs/causes says of it, with a network that suffers from it, and the change
// that the doctor proved to mend it one click away.

import {
  CAUSES,
  type CauseId,
  PRESCRIBED,
  type Report,
  type SpecInput,
} from "@convergence-lab/core";
import {
  capital,
  causeName,
  diagnosisSections,
  effectText,
  OUTCOME_WORDS,
} from "@convergence-lab/core/rendering";
import { address } from "../render/addresses.ts";
import { Html, html, NOTHING } from "../render/html.ts";
import { isTrainable, lab } from "../render/lab.ts";
import { documentBody } from "../render/markdown.ts";
import type { Page } from "../render/page.ts";
import type { SiteContent } from "../site-content.ts";

export function causePages(content: SiteContent): Page[] {
  return [overview(content), ...CAUSES.map((id) => causePage(id, content))];
}

function causePage(id: CauseId, content: SiteContent): Page {
  const document = content.documents.get(`docs/causes/${id}.md`)!;
  const title = capital(causeName(id));
  return {
    path: `causes/${id}.html`,
    title,
    description: document.summary,
    section: "causes",
    siblings: { title: "Causes", links: links() },
    body: html`<h1>${title}</h1>
${documentBody(document, content.pages, { before: "Symptoms", insert: exampleOf(id, content) })}`,
  };
}

function links() {
  return CAUSES.map((id) => ({ path: `causes/${id}.html`, title: capital(causeName(id)) }));
}

function exampleOf(id: CauseId, { examples, diagnoses }: SiteContent): Html {
  const spec = examples.get(id)!;
  const { report } = diagnoses.get(id)!;
  const named = report.diagnosis!.causes.map((cause) => cause.id as CauseId);
  const honest = html`<p>Of this network the doctor does not name ${causeName(id)}: several causes look alike in it, and it names what it can prove.</p>`;
  return html`<section aria-labelledby="example" data-named="${named.join(" ")}">
<h2 id="example">A network that suffers from it</h2>
${lab({ id: "example-lab", source: id, report: asItStands(report), shows: ["loss", "valAccuracy"] })}
${fix(spec, report)}
${!named.includes(id) && honest}
${diagnosis(report)}
</section>`;
}

/** The report without the mended network: what the example shows before the click. */
function asItStands(report: Report): Report {
  const variants = Object.entries(report.variants).filter(([name]) => name !== PRESCRIBED);
  const finished = report.seeds.training.length;
  const runs = { planned: finished, finished };
  return { ...report, variants: Object.fromEntries(variants), runs };
}

/** What a click makes of the spec: the network as it stands beside the mended one, and the claim. */
export interface MendedParts {
  readonly variants: NonNullable<SpecInput["variants"]>;
  readonly claims: NonNullable<SpecInput["claims"]>;
}

function fix(spec: SpecInput, { diagnosis }: Report): Html {
  const prescription = diagnosis!.prescription;
  if (prescription === null) {
    return html`<p class="fix">No change of the network mends this one: ${OUTCOME_WORDS[diagnosis!.outcome]}.</p>`;
  }
  const { says, patch, proof } = prescription;
  const metric = proof.metric === "loss" ? ("loss" as const) : ("accuracy" as const);
  const judged =
    proof.on === "test" ? (`val${capital(metric)}` as "valLoss" | "valAccuracy") : metric;
  const better = metric === "loss" ? ("lower" as const) : ("higher" as const);
  const claim: MendedParts["claims"][number] = {
    text: `mended, it has the ${better} ${proof.on === "test" ? "validation" : "training"} ${metric}`,
    expect: [{ metric: judged, variant: "mended", is: better, than: "faulty" }],
  };
  const mended: MendedParts = isTrainable(spec)
    ? { variants: { faulty: {}, mended: patch }, claims: [claim] }
    : { variants: { mended: patch }, claims: [] };
  return html`<div class="fix">
<button type="button" class="action" data-mends="example-lab" data-mended="${JSON.stringify(mended)}" hidden>Mend it</button>
<p>${capital(says)}. ${effectSentence(effectText(proof))}</p>
</div>`;
}

function effectSentence(effect: string): string {
  return `Proved when this page was built: ${effect}.`;
}

/** The answer, and the rest of the report folded. */
function diagnosis(report: Report): Html {
  const [answer, ...rest] = diagnosisSections(report, report.diagnosis!).filter(Boolean);
  return html`<h3>What the doctor says</h3>
${new Html(answer)}
${rest.length === 0 ? NOTHING : html`<details class="report"><summary>The whole diagnosis</summary>${new Html(deeper(rest.join("")))}</details>`}`;
}

/** A report's sections are the second level of a page of their own, and the fourth of this one. */
function deeper(source: string): string {
  return source
    .replaceAll(/<(\/?)h4>/g, "<$1h6>")
    .replaceAll(/<(\/?)h3>/g, "<$1h5>")
    .replaceAll(/<(\/?)h2>/g, "<$1h4>");
}

function overview(content: SiteContent): Page {
  const items = CAUSES.map((id) => {
    const { summary } = content.documents.get(`docs/causes/${id}.md`)!;
    return html`<li><a href="${address(`causes/${id}.html`)}">${capital(causeName(id))}</a><p>${summary}</p></li>`;
  });
  return {
    path: "causes/index.html",
    title: "Causes",
    description: `The ${CAUSES.length} causes for which a classification network fails to converge.`,
    section: "causes",
    body: html`<h1>Causes</h1>
<p class="lead">Why a classification network fails to converge, in the order in which people meet it: the data, its labels, the network, its training. Each page has a network that suffers from it, and what mends that one.</p>
<ul class="overview">${items}</ul>`,
  };
}
