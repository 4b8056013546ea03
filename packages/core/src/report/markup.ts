// Text -> HTML or SVG source. All text from a spec goes through here.

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe as text and inside a quoted attribute. Characters that no document may hold are replaced. */
export function escapeMarkup(text: string): string {
  return wellFormed(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Lone surrogates and control characters other than line ends as U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}|(?![\t\n\r])\p{Cc}/gu, "\ufffd");
}

/** ` name="value"` for each that is not undefined. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value))}"`)
    .join("");
}
