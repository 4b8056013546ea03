// What the pages do once they are there: load the element, mend examples, measure the browser.

import type { CauseId } from "@convergence-lab/core";
import type { ConvergenceLabElement } from "../../src/element.ts";
import type { AdapterRates } from "../benchmark/rates.ts";
import type { MendedParts } from "../pages/causes.ts";
import type { ExamplesGlobal } from "./examples.ts";

const assets = new URL(".", (document.currentScript as HTMLScriptElement).src);

loadLab();
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-mends]")) mends(button);
const measures = document.querySelector<HTMLButtonElement>("[data-benchmark]");
if (measures !== null) startsBenchmark(measures);

/** From a folder on disk no module can be loaded; the version in one file can. */
function loadLab(): void {
  if (document.querySelector("convergence-lab") === null) return;
  if (location.protocol === "file:") loadScript("lab/lab.iife.js");
  else loadScript("lab/define.js", "module");
}

function loadScript(path: string, type = "text/javascript"): Promise<void> {
  const script = document.createElement("script");
  script.type = type;
  script.src = new URL(path, assets).href;
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error(`${path} could not be loaded.`)));
    document.head.append(script);
  });
}

/** A button that puts the mended network of an example beside the faulty one, and trains both. */
function mends(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    // Who is quick clicks before what is clicked has loaded.
    await customElements.whenDefined("convergence-lab");
    const faulty = document.getElementById(button.dataset.mends!) as ConvergenceLabElement;
    const spec = await specOf(faulty);
    const both = document.createElement("convergence-lab") as ConvergenceLabElement;
    both.id = faulty.id;
    both.append(...faulty.childNodes);
    const mended: MendedParts = JSON.parse(button.dataset.mended!);
    both.spec = { ...spec, ...mended };
    faulty.replaceWith(both);
    both.scrollIntoView({ block: "nearest" });
    await both.train();
    button.textContent = "Mended, and trained beside the other";
  });
}

/** What stands behind the name of an example. */
async function specOf(lab: ConvergenceLabElement): Promise<object> {
  await loadScript("examples.js");
  const { convergenceLabExamples: examples } = globalThis as ExamplesGlobal;
  return examples!.causeExample(lab.preset as CauseId);
}

export interface BenchmarkModule {
  measure(
    only: string | null,
    onProgress: (what: string, done: number, of: number) => void,
  ): Promise<{ says: string; show: (committed: readonly AdapterRates[]) => string }>;
}

function startsBenchmark(button: HTMLButtonElement): void {
  const part = <T extends HTMLElement>(name: string) =>
    document.querySelector<T>(`[data-benchmark-${name}]`)!;
  const says = part("says");
  const progress = part<HTMLProgressElement>("progress");
  const committed: AdapterRates[] = JSON.parse(part("committed").textContent!);
  if (location.protocol === "file:") {
    says.textContent = "Modules cannot be loaded from a folder on disk; serve the site to measure.";
    return;
  }
  button.disabled = false;
  says.textContent = "It takes half a minute or so, and keeps the device busy for it.";
  says.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    button.disabled = true;
    progress.hidden = false;
    try {
      const module: BenchmarkModule = await import(new URL("benchmark.js", assets).href);
      const only = new URLSearchParams(location.search).get("only");
      const result = await module.measure(only, (what, done, of) => {
        progress.max = of;
        progress.value = done;
        says.textContent = `${done + 1} of ${of}: ${what}`;
      });
      says.textContent = result.says;
      part("comparison").innerHTML = result.show(committed);
    } catch (error) {
      says.textContent = `It could not be measured: ${(error as Error).message}`;
    } finally {
      progress.hidden = true;
      button.disabled = false;
      button.textContent = "Measure again";
    }
  });
}
