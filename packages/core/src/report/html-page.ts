// One HTML file that needs nothing else, neither network nor script. Its own content-security policy
// forbids both, so text from a file could not run even if it got through.

import { HTML_STYLE } from "./html-style.ts";
import { escapeMarkup } from "./markup.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export interface HtmlPage {
  /** Title and summary are text; the other parts are HTML. */
  readonly title: string;
  readonly summary: string;
  /** What the page looks like beside the common style: CSS of ours, no text of a user's. */
  readonly style?: string;
  /** Empty ones are left out. */
  readonly sections: readonly string[];
  readonly footer: string;
  /** What the page shows, for programs that read it. */
  readonly data: unknown;
}

export function htmlPage({ title, summary, style = "", sections, footer, data }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeMarkup(title)}</title>
<style>${HTML_STYLE}${style}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
<p class="quiet">${escapeMarkup(summary)}</p>
</header>
<main>
${sections.filter((section) => section !== "").join("\n")}
</main>
<footer>
${footer}
</footer>
<script type="application/json" id="report">${embeddedJson(data)}</script>
</body>
</html>
`;
}

/** No text of the data can end the script element. */
function embeddedJson(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
