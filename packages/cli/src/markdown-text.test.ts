import { expect, test } from "vitest";
import { markdownAsText } from "./markdown-text.ts";

test("headings, paragraphs, lists, code and tables", () => {
  const page = `# dead-units

A \`relu\` unit that **never** fires, see [the page](other.md), is *dead* and says
nothing.

## Try

- lower the rate, which is the usual cause of units that die all at once
- \`leakyReLU\`
  1. or elu

\`\`\`yaml
a:

  b: 1
\`\`\`

| share | means |
| --- | --- |
| 0.5 | \`half\` |
`;
  expect(markdownAsText(page, 40)).toMatchInlineSnapshot(`
    "dead-units

    A relu unit that never fires, see the
    page, is dead and says nothing.

    Try

    - lower the rate, which is the usual
      cause of units that die all at once
    - leakyReLU
      1. or elu

        a:
        
          b: 1

      share  means
      0.5    half"
  `);
});
