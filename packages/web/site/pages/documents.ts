// Pages that are documents of the repository: the checks, the guides, and the measurements that both
// point to.

import { CAUSES } from "@convergence-lab/core";
import { causeName } from "@convergence-lab/core/rendering";
import { address } from "../render/addresses.ts";
import { type Html, html } from "../render/html.ts";
import { type Document, documentBody } from "../render/markdown.ts";
import type { Page, SectionId } from "../render/page.ts";
import type { SiteContent } from "../site-content.ts";

interface Kind {
  readonly folder: string;
  readonly section: SectionId;
  readonly title: string;
  readonly lead: string;
  /** Whether a document's heading is an id rather than a title. */
  readonly headingIsId: boolean;
}

const KINDS: readonly Kind[] = [
  {
    folder: "checks",
    section: "checks",
    title: "Checks",
    lead: "What the lab looks at, before training and in it. A check says what it sees, in how many seeds, and what else looks like it; a symptom is not yet a cause.",
    headingIsId: true,
  },
  {
    folder: "guides",
    section: "guides",
    title: "Guides",
    lead: "What each part does, what its numbers mean, and what they rest on.",
    headingIsId: false,
  },
  {
    folder: "measurements",
    section: "guides",
    title: "Measurements",
    lead: "What was measured, by which command, on which machine, misses among it.",
    headingIsId: false,
  },
];

export function documentPages(content: SiteContent): Page[] {
  return KINDS.flatMap((kind) => {
    const documents = [...content.documents.values()]
      .map((document) => ({ document, path: content.pages.get(document.path)! }))
      .filter(({ path }) => path.startsWith(`${kind.folder}/`));
    const links = documents.map(({ document, path }) => ({
      path,
      title: titleOf(document, kind),
    }));
    const siblings = { title: kind.title, links };
    const pages = documents.map(
      ({ document, path }): Page => ({
        path,
        title: titleOf(document, kind),
        description: document.summary,
        section: kind.section,
        siblings,
        body: html`<h1>${titleOf(document, kind)}</h1>
${documentBody(document, content.pages)}
${kind.folder === "checks" && causesOf(document, content)}`,
      }),
    );
    return [overview(kind, documents), ...pages];
  });
}

/** The causes whose pages point to a check. */
function causesOf({ title: id }: Document, { documents }: SiteContent): Html | false {
  const causes = CAUSES.filter((cause) =>
    documents
      .get(`docs/causes/${cause}.md`)!
      .tokens.some(({ raw }) => raw.includes(`(../checks/${id}.md)`)),
  );
  if (causes.length === 0) return false;
  const links = causes.map(
    (cause, i) =>
      html`${i > 0 && ", "}<a href="${address(`causes/${cause}.html`)}">${causeName(cause)}</a>`,
  );
  return html`<h2 id="causes">What it can be a symptom of</h2>
<p>${links}</p>`;
}

function overview(
  { folder, section, title, lead, ...kind }: Kind,
  documents: readonly { readonly document: Document; readonly path: string }[],
): Page {
  const items = documents.map(
    ({ document, path }) =>
      html`<li><a href="${address(path)}">${titleOf(document, kind)}</a><p>${document.summary}</p></li>`,
  );
  const others =
    folder === "guides" &&
    html`<p>The numbers behind them: <a href="${address("measurements/index.html")}">measurements</a>.</p>`;
  return {
    path: `${folder}/index.html`,
    title,
    description: lead,
    section,
    body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
<ul class="overview">${items}</ul>
${others}`,
  };
}

function titleOf({ title }: Document, { headingIsId }: Pick<Kind, "headingIsId">): string {
  return headingIsId ? causeName(title).replace(/^./, (first) => first.toUpperCase()) : title;
}
