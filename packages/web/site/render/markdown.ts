// Markdown of docs -> the body of a page. HTML in it stays text, links between documents become links
// between pages, and headings get the anchors that GitHub gives them.

import { posix } from "node:path";
import { escapeMarkup } from "@convergence-lab/core/rendering";
import { Marked, type Token, type Tokens } from "marked";
import { address } from "./addresses.ts";
import { Html } from "./html.ts";

/** Where documents are pages: their paths in the repository, and the pages' on the site. */
export type PageOfDocument = ReadonlyMap<string, string>;

export interface Document {
  /** In the repository: "docs/causes/outliers.md". */
  readonly path: string;
  /** Its first heading. */
  readonly title: string;
  /** The paragraph behind the first heading, without marks. */
  readonly summary: string;
  /** Everything behind the first heading. */
  readonly tokens: readonly Token[];
}

/** @throws Error when it does not start with a heading */
export function readDocument(path: string, text: string): Document {
  const [first, ...tokens] = new Marked().lexer(text);
  if (first?.type !== "heading") throw new Error(`${path} does not start with a heading.`);
  const paragraph = tokens.find(({ type }) => type === "paragraph") as Tokens.Paragraph | undefined;
  return {
    path,
    title: plainText((first as Tokens.Heading).tokens),
    summary: plainText(paragraph?.tokens ?? []),
    tokens,
  };
}

export interface Insertion {
  /** The heading that it stands in front of. */
  readonly before: string;
  readonly insert: Html;
}

/** @param insertion Stands at the end where the document has no such heading. */
export function documentBody(
  { path, tokens }: Document,
  pages: PageOfDocument,
  insertion?: Insertion,
): Html {
  const used = new Map<string, number>();
  const marked = new Marked({
    renderer: {
      html: ({ text }) => escapeMarkup(text),
      heading({ depth, tokens: inline }) {
        const id = anchor(plainText(inline), used);
        return `<h${depth} id="${id}">${this.parser.parseInline(inline)}</h${depth}>\n`;
      },
      link({ href, tokens: inline }) {
        const content = this.parser.parseInline(inline);
        const target = pageOf(href, path, pages);
        return target === undefined ? content : `<a href="${escapeMarkup(target)}">${content}</a>`;
      },
      table({ header, rows }) {
        const cells = (row: readonly Tokens.TableCell[], cell: typeof cellSource) =>
          `<tr>${row.map((each, i) => cell(this.parser.parseInline(each.tokens), each, i)).join("")}</tr>`;
        const head = cells(header, headSource);
        const body = rows.map((row) => cells(row, cellSource)).join("");
        return scrolling(`<table><thead>${head}</thead><tbody>${body}</tbody></table>`);
      },
      code: ({ text }) => `<pre tabindex="0"><code>${escapeMarkup(text)}</code></pre>\n`,
    },
  });
  const at = insertion === undefined ? tokens.length : placeOf(insertion.before, tokens);
  const [front, back] = [tokens.slice(0, at), tokens.slice(at)];
  const between = insertion?.insert.source ?? "";
  return new Html(marked.parser([...front]) + between + marked.parser([...back]));
}

function placeOf(title: string, tokens: readonly Token[]): number {
  const place = tokens.findIndex(
    (token) => token.type === "heading" && plainText((token as Tokens.Heading).tokens) === title,
  );
  return place < 0 ? tokens.length : place;
}

/** A table that may be wider than the page: it scrolls by itself, with the keyboard too. */
export function scrolling(table: string): string {
  return `<div class="scroll" role="group" aria-label="Table" tabindex="0">${table}</div>\n`;
}

const headSource = (content: string, { align }: Tokens.TableCell) =>
  content === "" ? "<td></td>" : `<th scope="col"${alignClass(align)}>${content}</th>`;

const cellSource = (content: string, { align }: Tokens.TableCell, _: number) =>
  `<td${alignClass(align)}>${content}</td>`;

function alignClass(align: Tokens.TableCell["align"]): string {
  return align === "right" ? ' class="number"' : "";
}

/** The page of a document; the address itself outside of the repository; none for other files. */
function pageOf(href: string, from: string, pages: PageOfDocument): string | undefined {
  if (/^https?:/.test(href) || href.startsWith("#")) return href;
  const [file, heading] = href.split("#");
  const page = pages.get(posix.join(posix.dirname(from), file));
  if (page === undefined) return undefined;
  return address(page) + (heading === undefined ? "" : `#${heading}`);
}

/** As GitHub makes anchors of headings; the second of a name gets a number. */
function anchor(title: string, used: Map<string, number>): string {
  const name = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
  const count = used.get(name) ?? 0;
  used.set(name, count + 1);
  return count === 0 ? name : `${name}-${count}`;
}

function plainText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if ("tokens" in token && token.tokens !== undefined) return plainText(token.tokens);
      return "text" in token ? String(token.text) : "";
    })
    .join("");
}
