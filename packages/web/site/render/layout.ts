// The frame of every page: head, navigation, footer. It forbids what the site does not need: scripts,
// styles and connections of any other origin, and anything inline.

import { address, relativeTo } from "./addresses.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { type Link, type Page, SECTIONS, type Siblings } from "./page.ts";

/**
 * WebAssembly is the engine where there is no GPU. Without its word the site works and trains with
 * plain JavaScript. A worker from a blob is how one file trains beside the page on file://.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const SITE = "Convergence Lab";

/** The whole document. */
export function layOut(page: Page): string {
  const { path, description, siblings } = page;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${documentTitle(page)}</title>
<link rel="icon" href="${address("assets/icon.svg")}" type="image/svg+xml">
<link rel="stylesheet" href="${address("assets/style.css")}">
<script src="${address("assets/theme.js")}"></script>
<script src="${address("assets/page.js")}" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${header(page)}
<div class="${siblings === undefined ? "page" : "page with-siblings"}">
<main id="content" tabindex="-1">
${page.body}
</main>
${siblings === undefined ? NOTHING : siblingsNav(siblings, path)}
</div>
${footer()}
</body>
</html>
`;
  return relativeTo(path, document.source);
}

/** A check and a cause may have one name; the section tells them apart. */
function documentTitle({ path, title, section }: Page): string {
  const of = SECTIONS.find(({ id }) => id === section);
  const within = of === undefined || of.path === path ? [] : [of.title];
  return [...new Set([title, ...within, SITE])].join(" · ");
}

function header({ path, section }: Page): Html {
  const items = SECTIONS.map(
    ({ id, title, path: target }) =>
      html`<li><a href="${address(target)}"${current(id === section && (path === target ? "page" : "true"))}>${title}</a></li>`,
  );
  return html`<header class="site">
<a class="name" href="${address("index.html")}"${current(section === null && "page")}>${SITE}</a>
<nav aria-label="Site"><ul class="sections">${items}</ul></nav>
<button type="button" class="theme" data-theme-switch hidden>Theme: <span>as the system</span></button>
</header>`;
}

function current(value: string | false): Html | false {
  return value !== false && html` aria-current="${value}"`;
}

function siblingsNav({ title, links }: Siblings, path: string): Html {
  return html`<nav class="siblings" aria-label="${title}">
<h2>${title}</h2>
<ul>${links.map((link) => siblingItem(link, path))}</ul>
</nav>`;
}

function siblingItem({ path, title }: Link, here: string): Html {
  return html`<li><a href="${address(path)}"${current(path === here && "page")}>${title}</a></li>`;
}

function footer(): Html {
  return html`<footer class="site">
<p>Every number on these pages was computed when they were built, by the lab itself; none is typed in. Nothing here is sent anywhere: what you train, and the data you bring, stays in this browser.</p>
</footer>`;
}
