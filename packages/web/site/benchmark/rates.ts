// Benchmark results side by side, as a plot and a table: used when the page is built, and again in
// the browser when it has measured itself.

import type { BenchmarkResult } from "@convergence-lab/core";
import { dotPlot, rangePlot, row, table, twoSizes } from "@convergence-lab/core/rendering";

/** How fast an adapter does what. */
export interface AdapterRates {
  readonly adapter: string;
  /** Where the numbers come from: a file of the repository, or this browser. */
  readonly origin: string;
  readonly rates: readonly Rate[];
}

export interface Rate {
  /** "20-64-32-1, 64 networks" */
  readonly operation: string;
  readonly unit: "model-steps/s" | "GFLOP/s" | "GB/s";
  readonly value: number;
}

export function ratesOfResult(
  { environment, peak, bandwidth, rows }: BenchmarkResult,
  origin: string,
): AdapterRates {
  const ceilings = [
    { operation: "float32 peak", unit: "GFLOP/s" as const, ceiling: peak },
    { operation: "memory bandwidth", unit: "GB/s" as const, ceiling: bandwidth },
  ].flatMap(({ operation, unit, ceiling }): Rate[] =>
    ceiling?.status === "measured" ? [{ operation, unit, value: ceiling.perSecond / 1e9 }] : [],
  );
  const measured = rows.flatMap(({ kind, shape, networks, batch, rates }): Rate[] => {
    if (rates === null) return [];
    if (rates.modelStepsPerSecond === null) {
      const operation = `${kind} ${shape}, ${networksText(networks)}, batch ${batch}`;
      return [{ operation, unit: "GFLOP/s", value: rates.gigaflops }];
    }
    return [stepRate(shape, networks, rates.modelStepsPerSecond)];
  });
  return { adapter: environment.engine.adapter, origin, rates: best([...ceilings, ...measured]) };
}

export function stepRate(shape: string, networks: number, value: number): Rate {
  return { operation: `${shape}, ${networksText(networks)}`, unit: "model-steps/s", value };
}

/** Of several kernels for one operation the fastest, which is what the planner is after. */
export function best(rates: readonly Rate[]): Rate[] {
  const fastest = new Map<string, Rate>();
  for (const rate of rates) {
    const known = fastest.get(rate.operation);
    if (known === undefined || rate.value > known.value) fastest.set(rate.operation, rate);
  }
  return [...fastest.values()];
}

/**
 * Source of HTML. Plots are for what is measured on every kind of adapter: training steps.
 *
 * @param own What was measured here: it stands first, and every other one with its share of that.
 */
export function comparison(committed: readonly AdapterRates[], own?: AdapterRates): string {
  const adapters = own === undefined ? committed : [own, ...committed];
  const names = adapters.map(({ adapter }) => adapter);
  const operations = operationsOf(adapters);
  const steps = operations.filter(({ unit }) => unit === "model-steps/s");
  const lines = steps.map(({ operation, values }) => ({ name: operation, values }));
  const plot = twoSizes(({ name }) =>
    dotPlot({
      description: `Training steps of single networks a second on ${names.join(", ")}; the table below holds the numbers.`,
      label: "model-steps/s",
      series: names,
      lines,
      width: name === "wide" ? 760 : 340,
    }),
  );
  const rows = operations.map(({ operation, unit, values }) =>
    row(
      [operation, unit],
      values.map((value, i) => {
        if (value === null) return "–";
        const isOther = own !== undefined && i > 0 && values[0] !== null;
        return isOther
          ? `${threeDigits(value)} (${times(values[0]! / value)})`
          : threeDigits(value);
      }),
    ),
  );
  const head = table(["what", "unit", ...names], rows);
  const figure = `<figure class="dots">${plot}</figure>`;
  return own === undefined ? figure + head : shares(own, committed) + figure + head;
}

/** How the steps here compare with each other adapter's, over what both have measured. */
function shares(own: AdapterRates, committed: readonly AdapterRates[]): string {
  const rows = committed.flatMap((other) => {
    const ratios = operationsOf([own, other]).flatMap(({ unit, values: [here, there] }) =>
      unit === "model-steps/s" && here !== null && there !== null ? [here / there] : [],
    );
    if (ratios.length === 0) return [];
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    const range = [Math.min(...ratios), Math.max(...ratios)] as const;
    const of = ratios.length === 1 ? "" : `, ${times(range[0])} to ${times(range[1])}`;
    return [{ name: other.adapter, note: times(mean) + of, center: mean, range, best: null }];
  });
  if (rows.length === 0) {
    return `<p class="quiet">No committed result has measured what was measured here.</p>`;
  }
  const says = rows.map(({ name, note }) => `${note} of ${name}`).join("; ");
  const plot = twoSizes(({ name }) =>
    rangePlot({
      description: `Training steps a second here, as times those of other adapters: ${says}.`,
      label: "model-steps/s here over there",
      rows,
      values: [1, ...rows.flatMap(({ range }) => range)],
      width: name === "wide" ? 760 : 340,
    }),
  );
  return `<figure class="dots">${plot}</figure><p class="quiet">Dots are geometric means over the training steps that both have measured, bars reach from the least to the most. In the table, in brackets: what this browser does, as times the other.</p>`;
}

/** "0.021x": three digits at most. */
function times(ratio: number): string {
  return `${Number(ratio.toPrecision(ratio < 1 ? 2 : 3)).toLocaleString("en-US", { maximumSignificantDigits: 3 })}×`;
}

function operationsOf(adapters: readonly AdapterRates[]) {
  const units = new Map(
    adapters.flatMap(({ rates }) => rates.map(({ operation, unit }) => [operation, unit])),
  );
  return [...units]
    .map(([operation, unit]) => ({
      operation,
      unit,
      values: adapters.map(
        ({ rates }) => rates.find((rate) => rate.operation === operation)?.value ?? null,
      ),
    }))
    .sort(
      (a, b) => order(a) - order(b) || a.operation.localeCompare(b.operation, "en", IN_NUMBERS),
    );
}

/** 2 before 10. */
const IN_NUMBERS = { numeric: true };

/** Training steps first, then what the device can do at best, then single products. */
function order({ operation, unit }: Pick<Rate, "operation" | "unit">): number {
  if (unit === "model-steps/s") return 0;
  return /^(float32 peak|memory bandwidth)$/.test(operation) ? 1 : 2;
}

function networksText(networks: number): string {
  return networks === 1 ? "1 network" : `${networks} networks`;
}

/** "2,950,000" and "0.781": thousands apart. */
function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
