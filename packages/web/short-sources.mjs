// Sources without what a page does not read and a minifier of scripts leaves as it is, because it stands
// in strings: comments and indentation of shaders, and what the spec's schema tells editors.

/** A description as the schemas give it: one string, of which nothing but the JSON Schema is made. */
const DESCRIPTION = /,?\s*\bz\.describe\(\s*("([^"\\]|\\.)*"|'([^'\\]|\\.)*'|`[^`]*`),?\s*\)/g;
const NO_CHECK = /\s*\.check\(\s*,?\s*\)/g;

/** @param {string} module Of those that hold schemas. */
export function withoutDescriptions(module) {
  return module.replace(DESCRIPTION, "").replace(NO_CHECK, "");
}

const TAG = "/* wgsl */ `";

/** The module with its templates that are marked as WGSL shortened; code in their braces stays. */
export function withShortShaders(module) {
  let text = "";
  let from = 0;
  for (;;) {
    const tag = module.indexOf(TAG, from);
    if (tag < 0) return text + module.slice(from);
    const template = readTemplate(module, tag + TAG.length);
    text += `${module.slice(from, tag)}${TAG}${template.text}\``;
    from = template.end;
  }
}

/** A template from behind its first backtick to behind its last. */
function readTemplate(module, start) {
  let text = "";
  let from = start;
  for (let at = start; at < module.length; at++) {
    if (module[at] === "\\") at++;
    else if (module[at] === "`") {
      return { text: text + short(module.slice(from, at)), end: at + 1 };
    } else if (module.startsWith("${", at)) {
      const end = endOfCode(module, at + 2);
      const wgsl = module.slice(from, at);
      if (/\/\/[^\n]*$/.test(wgsl)) throw new SyntaxError(`A comment holds code: ${wgsl}`);
      text += short(wgsl) + withShortShaders(module.slice(at, end));
      from = end;
      at = end - 1;
    }
  }
  throw new SyntaxError("A template has no end.");
}

/** Behind the brace that closes the code of a template. */
function endOfCode(module, start) {
  let depth = 1;
  for (let at = start; at < module.length; at++) {
    const character = module[at];
    if (character === "{") depth++;
    else if (character === "}") {
      if (--depth === 0) return at + 1;
    } else if (character === '"' || character === "'") {
      at = endOfString(module, at);
    } else if (character === "`") {
      at = readTemplate(module, at + 1).end - 1;
    }
  }
  throw new SyntaxError("Code in a template has no end.");
}

/** The place of the quote that closes a string. */
function endOfString(module, start) {
  for (let at = start + 1; at < module.length; at++) {
    if (module[at] === "\\") at++;
    else if (module[at] === module[start]) return at;
  }
  throw new SyntaxError("A string has no end.");
}

/** Line ends stay: what stands in a line's end may be code's. */
function short(wgsl) {
  return wgsl
    .replace(/[ \t]*\/\/[^\n]*/g, "")
    .replace(/\n[ \t]+/g, "\n")
    .replace(/\n{2,}/g, "\n");
}
