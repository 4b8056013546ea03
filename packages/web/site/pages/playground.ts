// The element with nothing around it.

import { html } from "../render/html.ts";
import { lab } from "../render/lab.ts";
import type { Page } from "../render/page.ts";
import type { SiteContent } from "../site-content.ts";

export function playgroundPage({ statements, experiments }: SiteContent): Page {
  const { shows } = statements[0].experiments[0];
  const { report } = experiments.get("article-1")!;
  return {
    path: "playground.html",
    title: "Playground",
    description:
      "Change a network, its data or its training and watch many seeds of it train in your browser.",
    section: "playground",
    body: html`<h1>Playground</h1>
<p class="lead">Change the spec, drop a table or a Keras model, and watch many seeds train at once. Nothing leaves this browser.</p>
${lab({ id: "playground-lab", source: "article-1", report, shows, withClaims: true, height: 720 })}`,
  };
}
