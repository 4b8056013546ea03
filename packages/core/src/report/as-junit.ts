// A diagnosis as JUnit XML: a test case for every cause that was named (failed) or dismissed (passed)
// and for every check that could not judge (skipped). CI systems show it beside the tests.

import { BECAUSE_WORDS, causeNotes } from "./diagnosis-text.ts";
import { attributes, escapeMarkup } from "./markup.ts";
import { plainText } from "./plain-text.ts";
import type { NamedCause, Report } from "./report.ts";

/** Without a diagnosis a suite without cases. */
export function asJunit(report: Report): string {
  const { diagnosis } = report;
  const skipped = [
    ...(diagnosis?.notMeasured ?? []).map(({ check, probes }) => {
      return { check, says: `it reads ${probes.join(", ")}, which was not recorded` };
    }),
    ...(diagnosis?.unclear ?? []),
  ];
  const cases = [
    ...(diagnosis?.causes ?? []).map((cause) => testCase(cause.id, failure(cause))),
    ...(diagnosis?.dismissed ?? []).map(({ id, why }) =>
      testCase(id, `<system-out>${text(why)}</system-out>`),
    ),
    ...skipped.map(({ check, says }) =>
      testCase(check, `<skipped${attributes({ message: plainText(says) })}/>`),
    ),
  ];
  if (diagnosis?.outcome === "healthy") cases.push(testCase("healthy", ""));
  const failures = diagnosis?.causes.length ?? 0;
  const counts = { tests: cases.length, failures, errors: 0, skipped: skipped.length };
  const suite = attributes({ name: plainText(report.name), ...counts });
  const answer = diagnosis ? `<system-out>${text(diagnosis.answer)}</system-out>` : "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributes({ name: "clab diagnose", ...counts })}>
<testsuite${suite}>
${[...cases, answer].filter((part) => part !== "").join("\n")}
</testsuite>
</testsuites>
`;
}

function testCase(name: string, inner: string): string {
  const head = attributes({ classname: "clab.diagnose", name: plainText(name) });
  return inner === "" ? `<testcase${head}/>` : `<testcase${head}>${inner}</testcase>`;
}

function failure(cause: NamedCause): string {
  const notes = causeNotes(cause).map(({ kind, text }) => `${kind}: ${text}`);
  const message = plainText(`${cause.where}: ${cause.says}`);
  const head = attributes({ type: cause.because, message });
  return `<failure${head}>${[BECAUSE_WORDS[cause.because], ...notes].map(text).join("\n")}</failure>`;
}

function text(content: string): string {
  return escapeMarkup(plainText(content));
}
