// A person's own table or Keras model: dropped, chosen or fetched from an address that the person
// gives, read in the worker, sent nowhere.

import type { Inspection } from "@convergence-lab/core";
import { button, field, h, options } from "./dom.ts";
import { tableOf } from "./table.ts";

/** Names that tables give the column with the classes, where nobody names it. */
const USUAL_TARGETS = ["class", "target", "label", "y", "outcome", "diagnosis", "species"];
const MODEL_FILES = /\.(keras|h5|hdf5)$/i;
const ACCEPTED = ".csv,.tsv,.txt,.json,.jsonl,.parquet,.arrow,.feather,.npy,.npz,.gz,.keras,.h5";
const MOST_NAMES = 12;

export interface DataActions {
  inspect(file: File): Promise<Inspection>;
  useTable(file: File, target: string): Promise<readonly string[]>;
  useModel(file: File): Promise<readonly string[]>;
}

export class DataPanel {
  readonly element: HTMLElement;
  readonly #actions: DataActions;
  readonly #says = h("div", { class: "stack", role: "status" });

  constructor(actions: DataActions) {
    this.#actions = actions;
    const input = h("input", { type: "file", accept: ACCEPTED });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file !== undefined) this.#take(file);
    });
    const zone = h(
      "div",
      { class: "drop" },
      field("A table (CSV, JSON, Parquet, Arrow, NumPy) or a Keras model (.keras, .h5)", input),
      h("p", { class: "quiet" }, "Or drop it here. Your data stays in this browser."),
    );
    for (const type of ["dragenter", "dragover"]) {
      zone.addEventListener(type, (event) => {
        event.preventDefault();
        zone.classList.add("over");
      });
    }
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) this.#take(file);
    });
    this.element = h("div", { class: "stack" }, zone, this.#addressForm(), this.#says);
  }

  /** The one request that an element makes for its reader, and only when it is asked to. */
  #addressForm(): HTMLFormElement {
    const address = h("input", { type: "url", required: true, placeholder: "https://" });
    const form = h(
      "form",
      { class: "row" },
      field("Or its address", address),
      h("button", { type: "submit", part: "button" }, "Fetch it"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#fetch(new URL(address.value));
    });
    return form;
  }

  async #fetch(address: URL): Promise<void> {
    const name = decodeURIComponent(address.pathname.split("/").at(-1) || address.hostname);
    this.#says.replaceChildren(h("p", { class: "quiet" }, `Fetching ${name} ...`));
    try {
      const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!response.ok) throw new Error(`the server answers ${response.status}`);
      await this.#take(new File([await response.blob()], name));
    } catch (error) {
      // A page is not told whether there is no such server or it allows no other site to read.
      const isSilent = error instanceof TypeError;
      const why = isSilent ? "no answer that this page may read" : (error as Error).message;
      this.#tell([`${address.href}: ${why}. Download it and drop it here.`], "problems");
    }
  }

  async #take(file: File): Promise<void> {
    this.#says.replaceChildren(h("p", { class: "quiet" }, `Reading ${file.name} ...`));
    try {
      if (MODEL_FILES.test(file.name)) {
        this.#tell(await this.#actions.useModel(file));
      } else {
        this.#askForTarget(file, await this.#actions.inspect(file));
      }
    } catch (error) {
      this.#tell([(error as Error).message], "problems");
    }
  }

  #askForTarget(file: File, { rows, columns, standsOut }: Inspection): void {
    const names = columns.map(({ name }) => name);
    const target = h("select", { name: "target" }, ...options(names));
    target.value =
      names.find((name) => USUAL_TARGETS.includes(name.toLowerCase())) ?? names.at(-1)!;
    const use = button("Use this table", async () => {
      try {
        this.#tell(await this.#actions.useTable(file, target.value));
      } catch (error) {
        this.#tell([(error as Error).message], "problems");
      }
    });
    const facts = columns
      .slice(0, MOST_NAMES)
      .map(({ name, numbers, distinct, missing }) => [
        name,
        numbers === undefined ? `${distinct ?? "many"} texts` : "numbers",
        String(missing),
      ]);
    const more = columns.length - facts.length;
    this.#says.replaceChildren(
      h("p", {}, `${file.name}: ${rows} rows, ${columns.length} columns.`),
      ...(standsOut.length === 0
        ? []
        : [h("ul", {}, ...standsOut.slice(0, 4).map((says) => h("li", {}, says)))]),
      h(
        "div",
        { class: "scroll", role: "region", tabindex: "0", "aria-label": "Columns" },
        tableOf(["column", "holds", "cells missing"], facts),
      ),
      (more > 0 && h("p", { class: "quiet" }, `And ${more} more columns.`)) || "",
      h("div", { class: "row" }, field("Column with the classes", target), use),
    );
    target.focus();
  }

  #tell(lines: readonly string[], kind = "notes"): void {
    this.#says.replaceChildren(h("ul", { class: kind }, ...lines.map((line) => h("li", {}, line))));
  }
}
