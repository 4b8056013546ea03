// clab inspect: what a table holds, before anything is trained.

import { inspectionAsText, inspectionHtml, inspectTable } from "@convergence-lab/core";
import { EXIT } from "../errors.ts";
import { writeFile } from "../files.ts";
import { readingTable } from "../table-file.ts";
import { describedTable, type TableOptions } from "../table-options.ts";
import { note, textOptions, writeOut } from "../terminal.ts";

export interface InspectCommandOptions extends TableOptions {
  readonly data: string;
  readonly json: boolean;
  readonly ascii: boolean;
  readonly exportJson?: string | undefined;
  readonly exportHtml?: string | undefined;
  readonly quiet: boolean;
}

export async function inspect(options: InspectCommandOptions): Promise<number> {
  const source = describedTable(options.data, options);
  const inspection = await readingTable(options.data, options, (file, onProgress) =>
    inspectTable(file, source, { onProgress }),
  );
  const json = `${JSON.stringify(inspection, null, 1)}\n`;
  if (options.exportJson !== undefined) writeFile(options.exportJson, json);
  if (options.exportHtml !== undefined) {
    writeFile(options.exportHtml, inspectionHtml(inspection));
    if (!options.quiet) note(`Page: ${options.exportHtml}`);
  }
  const text = { ...textOptions(), ascii: options.ascii };
  await writeOut(options.json ? json : inspectionAsText(inspection, text));
  return EXIT.ran;
}
