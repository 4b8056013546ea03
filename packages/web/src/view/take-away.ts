// What can be taken away: the report, its data, the network as Keras code, and a link.

import type { Download, DownloadKind } from "../messages.ts";
import { button, h } from "./dom.ts";

const KINDS: readonly (readonly [kind: DownloadKind, label: string])[] = [
  ["html", "Report (HTML)"],
  ["csv", "Curves (CSV)"],
  ["json", "Everything (JSON)"],
  ["keras", "Keras code (Python)"],
];

export interface TakeAwayActions {
  download(kind: DownloadKind): Promise<Download>;
  /** Puts the experiment into the address; gives what to say about it. */
  share(): Promise<string>;
}

export class TakeAway {
  readonly element: HTMLElement;
  readonly #buttons = new Map<DownloadKind, HTMLButtonElement>();
  readonly #says = h("p", { class: "quiet", role: "status" });

  constructor(actions: TakeAwayActions) {
    const say = (text: string) => {
      this.#says.textContent = text;
    };
    const downloads = KINDS.map(([kind, label]) => {
      const element = button(label, async () => {
        try {
          const { name, type, text } = await actions.download(kind);
          save(name, new Blob([text], { type: `${type};charset=utf-8` }));
          say(`Saved as ${name}.`);
        } catch (error) {
          say((error as Error).message);
        }
      });
      this.#buttons.set(kind, element);
      return element;
    });
    const link = button("Copy a link", async () => say(await actions.share()));
    this.element = h(
      "div",
      { class: "stack" },
      h("div", { class: "row" }, ...downloads, link),
      this.#says,
    );
    this.allow(false);
  }

  /** Only a training gives a report; the code is there from the start. */
  allow(hasReport: boolean): void {
    for (const [kind, element] of this.#buttons) element.disabled = kind !== "keras" && !hasReport;
  }
}

function save(name: string, blob: Blob): void {
  const href = URL.createObjectURL(blob);
  const link = h("a", { href, download: name });
  link.click();
  // The download has begun with the click; a minute is more than it needs to take the bytes over.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
