// Pieces of DOM. Text is always text; the two functions that take markup take what core has escaped.

export type Child = Node | string | null | undefined | false;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element; attributes that are false or undefined are left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

export function button(label: string, onClick: () => void, kind = ""): HTMLButtonElement {
  const element = h("button", { type: "button", part: "button", class: kind }, label);
  element.addEventListener("click", onClick);
  return element;
}

/** A control with its name in front of it. */
export function field(name: string, control: HTMLElement): HTMLLabelElement {
  return h("label", { class: "field" }, h("span", {}, name), control);
}

export function options(
  values: readonly string[],
  labelOf: (value: string) => string = (value) => value,
): HTMLOptionElement[] {
  return values.map((value) => h("option", { value }, labelOf(value)));
}

/** A drawing of core's, whose every text it has escaped. */
export function drawingOf(svg: string): Element {
  const parsed = new DOMParser().parseFromString(trusted(svg), "image/svg+xml");
  return document.importNode(parsed.documentElement, true);
}

/** Sections of a report of core's, whose every text it has escaped. */
export function fragmentOf(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = trusted(html);
  return template.content;
}

/** For pages that let no plain text become markup (require-trusted-types-for). */
function trusted(markup: string): string {
  const { trustedTypes } = globalThis as {
    trustedTypes?: {
      createPolicy(name: string, rules: object): { createHTML(text: string): string };
    };
  };
  policy ??= trustedTypes?.createPolicy("convergence-lab", { createHTML: (text: string) => text });
  return policy?.createHTML(markup) ?? markup;
}

let policy: { createHTML(text: string): string } | undefined;
