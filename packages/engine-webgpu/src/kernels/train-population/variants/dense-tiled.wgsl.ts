// The products of a dense layer with register tiles: an invocation computes up to 8 x 8 outputs, so
// that a load of four floats serves up to 8 of them. The sums run in the order of the plain version.
//
// On SwiftShader, where a load costs as much as several multiplications, a step of 20-64-32-1 took
// 0.34 ms of CPU time with tiles of 8 x 8, 0.53 with 4 x 4, and 0.93 without (bench/run.mjs
// kernel-plans).

import { openNetwork } from "../../network-memory.wgsl.ts";
import type { DensePasses } from "../dense-passes.ts";
import { biasGradient } from "../dense-plain.wgsl.ts";

export interface TilePlan {
  /** Largest tile edge in blocks of four. */
  readonly edge: 1 | 2;
  /**
   * Whether a tile is stored in a loop. Written out, its stores and activations are most of the
   * kernel's text, and a compiler that works on the CPU takes seconds for them; a GPU would keep a
   * tile that is indexed in a loop in memory.
   */
  readonly isStoredInLoop: boolean;
  /**
   * Whether 32 neighbours take a block of 4 x 8 tiles of a kernel's gradient, and not 32 in a row:
   * each load of a row of tiles is another line of memory.
   */
  readonly isSquare?: boolean;
}

export function denseTiled({
  edge: largestEdge,
  isStoredInLoop,
  isSquare = false,
}: TilePlan): DensePasses {
  /** Edges divide the matrix, so no tile hangs over. */
  const edge = (count: number) => (largestEdge === 2 && count % 2 === 0 ? 2 : 1);

  const store = isStoredInLoop ? storeInLoop : storeWrittenOut;
  /** Row and column of `tile` in a kernel's gradient. */
  const placeOf = (rows: number, columns: number) =>
    isSquare && rows % 4 === 0 && columns % 8 === 0
      ? [
          `(tile / ${4 * columns}u * 4u + tile % 32u / 8u)`,
          `(tile / 32u % ${columns / 8}u * 8u + tile % 8u)`,
        ]
      : [`tile / ${columns}u`, `tile % ${columns}u`];
  return {
    forward(site) {
      const { unitBlocks, batchBlocks } = site;
      const unitEdge = edge(unitBlocks);
      const batchEdge = edge(batchBlocks);
      const sum = (j: number, b: number) => `z${j}_${b}`;
      const tiles = (unitBlocks / unitEdge) * (batchBlocks / batchEdge);
      const source = /* wgsl */ `
fn ${site.name("forward")}(lane: u32) {${openNetwork}
  let training = at.isTraining;
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < ${tiles}u; tile += ${site.lanes}) {
    let unitBlock = tile / ${batchBlocks / batchEdge}u * ${unitEdge}u;
    let block = tile % ${batchBlocks / batchEdge}u * ${batchEdge}u;
    if (block >= activeBlocks) { continue; }
${each(unitEdge, (u) => `    let bias${u} = ${site.bias === null ? "vec4f()" : `(*parameters)[${site.bias(`unitBlock + ${u}u`)}]`};`)}
${each(4 * unitEdge, (j) => each(batchEdge, (b) => `    var ${sum(j, b)} = vec4f(bias${j >> 2}[${j & 3}]);`))}
    var x = ${site.input("0u", "block")};
    var w = ${site.kernel("0u", "unitBlock")};
    for (var i = 0u; i < ${site.inputs}u; i++) {
${each(batchEdge, (b) => `      let x${b} = (*values)[x + ${b}u];`)}
${each(unitEdge, (u) => `      let w${u} = (*parameters)[w + ${u}u];`)}
${each(4 * unitEdge, (j) => each(batchEdge, (b) => `      ${sum(j, b)} = fma(x${b}, vec4f(w${j >> 2}[${j & 3}]), ${sum(j, b)});`))}
      x += ${batchBlocks}u;
      w += ${unitBlocks}u;
    }
${store(4 * unitEdge, batchEdge, sum, (j, b, z) => site.finish(`(4u * unitBlock + ${j})`, `(block + ${b})`, z))}
  }
}
`;
      return { name: site.name("forward"), when: "always", items: tiles, source };
    },

    inputGradient(site) {
      const { inputBlocks, unitBlocks, batchBlocks } = site;
      const inputEdge = edge(inputBlocks);
      const batchEdge = edge(batchBlocks);
      const sum = (i: number, b: number) => `d${i}_${b}`;
      const tiles = (inputBlocks / inputEdge) * (batchBlocks / batchEdge);
      const source = /* wgsl */ `
fn ${site.name("inputGradient")}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < ${tiles}u; tile += ${site.lanes}) {
    let i = tile / ${batchBlocks / batchEdge}u * ${4 * inputEdge}u;
    let block = tile % ${batchBlocks / batchEdge}u * ${batchEdge}u;
    if (block >= activeBlocks) { continue; }
${each(4 * inputEdge, (i) => each(batchEdge, (b) => `    var ${sum(i, b)} = vec4f();`))}
    var g = ${site.gradient("0u", "block")};
    var w = ${site.kernel("i", "0u")};
    for (var unitBlock = 0u; unitBlock < ${unitBlocks}u; unitBlock++) {
${each(4, (j) => each(batchEdge, (b) => `      let g${j}_${b} = (*values)[g + ${j * batchBlocks + b}u];`))}
${each(4 * inputEdge, (i) => `      let w${i} = (*parameters)[w + ${i * unitBlocks}u];`)}
${each(4 * inputEdge, (i) => each(batchEdge, (b) => each(4, (j) => `      ${sum(i, b)} = fma(g${j}_${b}, vec4f(w${i}[${j}]), ${sum(i, b)});`)))}
      g += ${4 * batchBlocks}u;
      w++;
    }
${store(4 * inputEdge, batchEdge, sum, (r, b, d) => site.finishInputGradient(`(i + ${r})`, `(block + ${b})`, d))}
  }
}
`;
      return { name: site.name("inputGradient"), when: "training", items: tiles, source };
    },

    parameterGradient(site) {
      const { inputBlocks, unitBlocks, batchBlocks } = site;
      const inputEdge = edge(inputBlocks);
      const unitEdge = edge(unitBlocks);
      const sum = (i: number, u: number) => `d${i}_${u}`;
      /** dPreActivation of one sample of the block, for the four units of a unit block. */
      const sampleOf = (u: number, c: number) =>
        `vec4f(${[0, 1, 2, 3].map((j) => `g${4 * u + j}[${c}]`).join(", ")})`;
      const [rows, columns] = [inputBlocks / inputEdge, unitBlocks / unitEdge];
      const [row, column] = placeOf(rows, columns);
      const tiles = rows * columns;
      const source = /* wgsl */ `
fn ${site.name("parameterGradient")}(lane: u32) {${openNetwork}
  let activeBlocks = at.activeBlocks;
  for (var tile = lane; tile < ${tiles}u; tile += ${site.lanes}) {
    let i = ${row} * ${4 * inputEdge}u;
    let unitBlock = ${column} * ${unitEdge}u;
${each(4 * inputEdge, (i) => each(unitEdge, (u) => `    var ${sum(i, u)} = vec4f();`))}
    var x = ${site.input("i", "0u")};
    var g = ${site.gradient("4u * unitBlock", "0u")};
    for (var block = 0u; block < activeBlocks; block++) {
${each(4 * unitEdge, (j) => `      let g${j} = (*values)[g + ${j * batchBlocks}u];`)}
${each(unitEdge, (u) => each(4, (c) => `      let s${c}_${u} = ${sampleOf(u, c)};`))}
${each(
  4 * inputEdge,
  (i) => `      let x${i} = (*values)[x + ${i * batchBlocks}u];
${each(unitEdge, (u) => each(4, (c) => `      ${sum(i, u)} = fma(vec4f(x${i}[${c}]), s${c}_${u}, ${sum(i, u)});`))}`,
)}
      x++;
      g++;
    }
${store(4 * inputEdge, unitEdge, sum, (r, u, d) => site.finishKernelGradient(`(i + ${r})`, `(unitBlock + ${u})`, d))}
  }
${biasGradient(site)}}
`;
      return { name: site.name("parameterGradient"), when: "training", items: tiles, source };
    },
  };
}

/** Hands a sum of a tile, with its row and column as WGSL expressions, to what finishes it. */
type Finish = (row: string, column: string, sum: string) => string;

/** Stores a tile; see `TilePlan.isStoredInLoop`. */
export function storeInLoop(
  rows: number,
  columns: number,
  sum: (row: number, column: number) => string,
  finish: Finish,
): string {
  const sums = Array.from({ length: rows * columns }, (_, i) =>
    sum(Math.floor(i / columns), i % columns),
  );
  return `    var sums = array<vec4f, ${sums.length}>(${sums.join(", ")});
    for (var s = 0u; s < ${sums.length}u; s++) {
      ${finish(`s / ${columns}u`, `s % ${columns}u`, "sums[s]")}
    }`;
}

function storeWrittenOut(
  rows: number,
  columns: number,
  sum: (row: number, column: number) => string,
  finish: Finish,
): string {
  return each(rows, (r) => each(columns, (c) => `    ${finish(`${r}u`, `${c}u`, sum(r, c))}`));
}

export function each(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n");
}
