// Numbers -> positions along an axis, and where its ticks stand.

export interface Scale {
  readonly kind: "linear" | "log";
  readonly domain: readonly [number, number];
  /** Position of a value, 0 at the start of the axis and 1 at its end. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** From this ratio on a linear axis shows the large values only: two decades. */
const LOG_FROM_RATIO = 100;

/** Linear, or logarithmic where all values are positive and span more than two decades. */
export function scaleOf(values: readonly number[], tickCount: number): Scale {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (low > high) return linearScale(0, 1, tickCount);
  return low > 0 && high / low > LOG_FROM_RATIO
    ? logScale(low, high, tickCount)
    : linearScale(low, high, tickCount);
}

/** A few units in the last place of a float32: what such values differ by is rounding. */
const SAME = 1e-6;

/** Ends at round numbers, so that no line touches the frame by accident. */
export function linearScale(low: number, high: number, tickCount: number): Scale {
  const isOneValue = high - low <= SAME * Math.max(Math.abs(low), Math.abs(high));
  const [from, to] = isOneValue ? [low - spread(low), high + spread(high)] : [low, high];
  const step = roundStep((to - from) / tickCount);
  // Rounding keeps 0.1 * 3 from starting a tick of its own at 0.30000000000000004.
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    roundTo((first + i) * step, step),
  );
  const domain = [ticks[0], ticks[ticks.length - 1]] as const;
  return {
    kind: "linear",
    domain,
    at: (value) => (value - domain[0]) / (domain[1] - domain[0]),
    ticks,
  };
}

/** An axis from exactly one whole number to another, with round ticks between: epochs. */
export function epochScale(first: number, last: number, tickCount: number): Scale {
  const domain = first === last ? ([first - 1, last + 1] as const) : ([first, last] as const);
  const step = Math.max(1, roundStep((last - first) / tickCount));
  const ticks = [first];
  for (let tick = Math.ceil((first + 1) / step) * step; tick <= last; tick += step) {
    // The first epoch has its tick already; one right beside it would only collide.
    if (tick - first >= step / 2) ticks.push(tick);
  }
  return {
    kind: "linear",
    domain,
    at: (value) => (value - domain[0]) / (domain[1] - domain[0]),
    ticks,
  };
}

/** From one power of ten to another. */
export function logScale(low: number, high: number, tickCount: number): Scale {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const every = Math.ceil((to - from) / tickCount);
  const ticks: number[] = [];
  for (let exponent = from; exponent <= to; exponent += every) ticks.push(Number(`1e${exponent}`));
  const domain = [Number(`1e${from}`), Number(`1e${to}`)] as const;
  return {
    kind: "log",
    domain,
    at: (value) => (Math.log10(value) - from) / (to - from),
    ticks,
  };
}

/** The ticks as text, with as many decimals as their step needs. */
export function tickLabels({ kind, ticks }: Scale): string[] {
  if (kind === "log") return ticks.map(decimalOrPower);
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  const size = Math.max(...ticks.map(Math.abs));
  if (size >= 1e6 || (size < 1e-3 && size > 0)) {
    return ticks.map((tick) => (tick === 0 ? "0" : tick.toExponential(1)));
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return ticks.map((tick) => tick.toFixed(decimals));
}

function decimalOrPower(value: number): string {
  if (value >= 1e-3 && value < 1e5) return String(value);
  const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const exponent = Math.round(Math.log10(value));
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]);
  return `10${exponent < 0 ? "⁻" : ""}${digits.join("")}`;
}

/** The smallest of 1, 2, 5 times a power of ten that is not below the rough step. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function roundTo(value: number, step: number): number {
  return Number(value.toFixed(Math.max(0, 1 - Math.floor(Math.log10(step)))));
}

/** Half the height of an axis around one single value. */
function spread(value: number): number {
  return value === 0 ? 1 : Math.abs(value) * 0.1;
}
