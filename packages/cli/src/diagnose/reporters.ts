// --reporter: what of a report goes to stdout.

import {
  asGithub,
  asJson,
  asJunit,
  asMarkdown,
  asText,
  type FilePlace,
  type Report,
} from "@convergence-lab/core";
import { textOptions } from "../terminal.ts";

/** Where a part of the spec stands in the user's file; undefined where there is no file. */
export type PlaceOf = (where: string) => FilePlace | undefined;

export const REPORTERS = {
  default: (report: Report) => asText(report, textOptions()),
  json: asJson,
  markdown: asMarkdown,
  junit: asJunit,
  github: asGithub,
} satisfies Record<string, (report: Report, placeOf: PlaceOf) => string>;

export type Reporter = keyof typeof REPORTERS;
