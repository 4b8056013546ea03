// The products of a dense layer for launches in which a workgroup computes one tile of the output:
// what the tile needs is staged slab by slab in workgroup memory, each invocation keeps 8 x 8 outputs
// in registers, and the next slab is on its way while this one is multiplied. Only for tier L, whose
// phases are entry points of their own. The sums run in the order of the plain version.
//
//   output[m][n] = start[m] + sum over k of a[k][m] * b[k][n]
//
//   forward            m: units    n: samples   k: inputs     a: kernel               b: input
//   input gradient     m: inputs   n: samples   k: units      a: kernel, transposed   b: gradient
//   kernel gradient    m: inputs   n: units     k: samples    both transposed
//
// On an H100 a product of 2048 x 2048 x 2048 did 33, 32 and 22 TFLOP/s (forward, input gradient,
// kernel gradient) and 17, 20 and 12 with register tiles, one of 1024 x 1024 x 1024 19, 17 and 16 and
// not 8, 14 and 7 (bench/results/h100-first-contact.md).
//
// A product that is too small for a tile is left to the register tiles.

import { openNetwork } from "../../network-memory.wgsl.ts";
import type { DensePasses } from "../dense-passes.ts";
import type { Phase } from "../phase.ts";
import { denseTiled, each } from "./dense-tiled.wgsl.ts";

export interface SharedTilePlan {
  /** Longest edge of a workgroup's tile. */
  readonly tile: 64 | 128;
  /** Of a product that would have fewer of those the tiles are smaller, so that all cores have one. */
  readonly wantedTiles: number;
  /** Elements of a sum that are staged at a time. */
  readonly depth: 8 | 16;
}

/** Edge of what one invocation computes. */
const EDGE = 8;

/**
 * The shortest edge of a tile, and the shortest sum that is worth staging. With tiles of 64 x 32, for a
 * batch of 32, 64 networks 20-128-128-1 did 330,000 model-steps a second on an H100, and 392,000 with
 * register tiles.
 */
const SHORTEST = 64;

const fallback = denseTiled({ edge: 2, isStoredInLoop: false, isSquare: true });

export function denseShared(plan: SharedTilePlan): DensePasses {
  return {
    forward(site) {
      const tile = tileOf(plan, site.unitBlocks, site.batchBlocks, site.inputBlocks);
      if (tile === null) return fallback.forward(site);
      return product(tile, {
        name: site.name("forward"),
        when: "always",
        rowBlocks: site.unitBlocks,
        columnBlocks: site.batchBlocks,
        length: `${site.inputs}u`,
        staticLength: site.inputs,
        a: rows((k, block) => `(*parameters)[${site.kernel(k, block)}]`),
        b: rows((k, block) => `(*values)[${site.input(k, block)}]`),
        start: site.bias === null ? null : (block) => `(*parameters)[${site.bias!(block)}]`,
        wants: (block) => `${block} < activeBlocks`,
        finish: site.finish,
      });
    },

    inputGradient(site) {
      const tile = tileOf(plan, site.inputBlocks, site.batchBlocks, site.unitBlocks);
      if (tile === null) return fallback.inputGradient(site);
      return product(tile, {
        name: site.name("inputGradient"),
        when: "training",
        rowBlocks: site.inputBlocks,
        columnBlocks: site.batchBlocks,
        length: `${4 * site.unitBlocks}u`,
        staticLength: 4 * site.unitBlocks,
        a: transposed((row, kBlock) => `(*parameters)[${site.kernel(row, kBlock)}]`),
        b: rows((k, block) => `(*values)[${site.gradient(k, block)}]`),
        start: null,
        wants: (block) => `${block} < activeBlocks`,
        finish: site.finishInputGradient,
      });
    },

    parameterGradient(site) {
      const tile = tileOf(plan, site.inputBlocks, site.unitBlocks, site.batchBlocks);
      if (tile === null) return fallback.parameterGradient(site);
      return product(tile, {
        name: site.name("parameterGradient"),
        when: "training",
        rowBlocks: site.inputBlocks,
        columnBlocks: site.unitBlocks,
        length: "4u * activeBlocks",
        staticLength: null,
        a: transposed((row, kBlock) => `(*values)[${site.input(row, kBlock)}]`),
        b: transposed((row, kBlock) => `(*values)[${site.gradient(row, kBlock)}]`),
        start: null,
        wants: null,
        finish: site.finishKernelGradient,
        finishColumnSum: site.bias === null ? undefined : site.finishBiasGradient,
      });
    },
  };
}

interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly lanes: number;
}

/** Null where the product is too small. */
function tileOf(plan: SharedTilePlan, rowBlocks: number, columnBlocks: number, sumBlocks: number) {
  if (Math.min(rowBlocks, columnBlocks, sumBlocks) < SHORTEST / 4) return null;
  const ofEdge = (edge: number): Tile => {
    const rows = Math.min(edge, 4 * rowBlocks >= 128 ? 128 : SHORTEST);
    const columns = Math.min(edge, 4 * columnBlocks >= 128 ? 128 : SHORTEST);
    return { rows, columns, depth: plan.depth, lanes: (rows * columns) / EDGE ** 2 };
  };
  const long = ofEdge(plan.tile);
  const tiles =
    Math.ceil((4 * rowBlocks) / long.rows) * Math.ceil((4 * columnBlocks) / long.columns);
  return tiles >= plan.wantedTiles ? long : ofEdge(SHORTEST);
}

/** How an operand is loaded, from (k, block over its edge) or from (element of its edge, k block). */
interface Operand {
  readonly isTransposed: boolean;
  readonly load: (first: string, second: string) => string;
}

const rows = (load: Operand["load"]): Operand => ({ isTransposed: false, load });
const transposed = (load: Operand["load"]): Operand => ({ isTransposed: true, load });

interface Product {
  readonly name: string;
  readonly when: Phase["when"];
  readonly rowBlocks: number;
  readonly columnBlocks: number;
  /** Of the sums: an expression, and the number where it is known. */
  readonly length: string;
  readonly staticLength: number | null;
  readonly a: Operand;
  readonly b: Operand;
  /** What the sums of four rows begin with; null: 0. */
  readonly start: ((rowBlock: string) => string) | null;
  /** Whether a column's outputs are wanted; null: all are. */
  readonly wants: ((columnBlock: string) => string) | null;
  readonly finish: (row: string, columnBlock: string, sum: string) => string;
  /** Takes the sums of b over k, four columns each. */
  readonly finishColumnSum?: ((columnBlock: string, sum: string) => string) | undefined;
}

function product(tile: Tile, product: Product): Phase {
  const { depth, lanes } = tile;
  const { name, when, rowBlocks, columnBlocks, a, b, start, wants } = product;
  const [A, B] = [tile.rows / 4, tile.columns / 4];
  const [rowTiles, columnTiles] = [Math.ceil(rowBlocks / A), Math.ceil(columnBlocks / B)];
  const sum = (r: number, c: number) => `s${r}_${c}`;
  /** Staging of both operands; their registers are `pa..` and `pb..`. */
  const sides = [
    stage("a", a, A, rowBlocks, "firstRow", tile),
    stage("b", b, B, columnBlocks, "firstColumn", tile),
  ];
  const fetch = sides.map((side) => side.fetch).join("\n");
  const store = sides.map((side) => side.store).join("\n");
  const multiply = `        let a0 = ${name}_a[k * ${A}u + row];
        let a1 = ${name}_a[k * ${A}u + row + ${A / 2}u];
        let b0 = ${name}_b[k * ${B}u + column];
        let b1 = ${name}_b[k * ${B}u + column + ${B / 2}u];
${each(EDGE, (r) => each(2, (c) => `        ${sum(r, c)} = fma(b${c}, vec4f(a${r >> 2}[${r & 3}]), ${sum(r, c)});`))}`;
  const { finishColumnSum } = product;
  const columnSums = (blocks: string) =>
    finishColumnSum === undefined
      ? ""
      : `
      if (sumsColumns) {
        for (var kBlock = 0u; kBlock < ${blocks}; kBlock++) {
          let at0 = 4u * kBlock * ${B}u + lane;
          columnSum += (${name}_b[at0] + ${name}_b[at0 + ${B}u]) + (${name}_b[at0 + ${2 * B}u] + ${name}_b[at0 + ${3 * B}u]);
        }
      }`;
  const hasRemainder = product.staticLength === null || product.staticLength % depth !== 0;
  const isInside = [
    rowBlocks % A === 0 ? null : (r: string, _: string) => `${r} < ${4 * rowBlocks}u`,
    columnBlocks % B === 0 ? null : (_: string, c: string) => `${c} < ${columnBlocks}u`,
    wants === null ? null : (_: string, c: string) => wants(c),
  ].filter((condition) => condition !== null);
  const finish = (r: number, c: number) => {
    const at = [
      `(firstRow * 4u + 4u * row + ${(r >> 2) * (tile.rows / 2) + (r & 3)}u)`,
      `(firstColumn + column + ${c * (B / 2)}u)`,
    ] as const;
    const conditions = isInside.map((condition) => condition(...at));
    const call = product.finish(...at, sum(r, c));
    return conditions.length === 0
      ? `  { ${call} }`
      : `  if (${conditions.join(" && ")}) { ${call} }`;
  };
  const source = /* wgsl */ `
var<workgroup> ${name}_a: array<vec4f, ${depth * A}>;
var<workgroup> ${name}_b: array<vec4f, ${depth * B}>;

fn ${name}(tile: u32, lane: u32, training: bool, activeBlocks: u32) {${openNetwork}
  let firstRow = tile / ${columnTiles}u * ${A}u;
  let firstColumn = tile % ${columnTiles}u * ${B}u;
  let row = lane / ${B / 2}u;
  let column = lane % ${B / 2}u;
  let length = ${product.length};
${each(2, (r) => `  let start${r} = ${start === null ? "vec4f()" : `${start(`min(firstRow + row + ${r * (A / 2)}u, ${rowBlocks - 1}u)`)}`};`)}
${each(EDGE, (r) => each(2, (c) => `  var ${sum(r, c)} = vec4f(start${r >> 2}[${r & 3}]);`))}
${finishColumnSum === undefined ? "" : `  let sumsColumns = firstRow == 0u && lane < ${B}u && firstColumn + lane < ${columnBlocks}u;\n  var columnSum = vec4f();`}
${sides.map((side) => side.declare).join("\n")}
  {
    let first = 0u;
${fetch}
  }
  for (var slab = 0u; slab < length; slab += ${depth}u) {
    workgroupBarrier();
${store}
    workgroupBarrier();
    {
      let first = slab + ${depth}u;
${fetch}
    }
    if (slab + ${depth}u <= length) {
      for (var k = 0u; k < ${depth}u; k++) {
${multiply}
      }${columnSums(`${depth / 4}u`)}
    }${
      hasRemainder
        ? ` else {
      for (var k = 0u; k < length - slab; k++) {
${multiply}
      }${columnSums("(length - slab) / 4u")}
    }`
        : ""
    }
  }
${each(EDGE, (r) => each(2, (c) => finish(r, c)))}
${finishColumnSum === undefined ? "" : `  if (sumsColumns) { ${finishColumnSum("(firstColumn + lane)", "columnSum")} }`}
}
`;
  return {
    name,
    source,
    when,
    items: rowTiles * columnTiles * lanes,
    together: { workgroups: rowTiles * columnTiles, lanes },
  };

  /** What one invocation fetches of a slab that begins at `first`, and stores for all. */
  function stage(
    which: "a" | "b",
    operand: Operand,
    width: number,
    blocks: number,
    firstBlock: string,
    { depth, lanes }: Tile,
  ) {
    const pieces = operand.isTransposed ? (depth / 4) * width : depth * width;
    const turns = Math.ceil(pieces / lanes);
    const target = `${name}_${which}`;
    const register = (t: number, i: number) => `p${which}${t}_${i}`;
    const perPiece = operand.isTransposed ? 4 : 1;
    const text = (write: (t: number, piece: string, guard: string | null) => string) =>
      each(turns, (t) => {
        const piece = t === 0 ? "lane" : `(lane + ${t * lanes}u)`;
        const isWhole = (t + 1) * lanes <= pieces;
        return write(t, piece, isWhole ? null : `${piece} < ${pieces}u`);
      });
    const edgeGuard = blocks % width === 0 ? null : (block: string) => `${block} < ${blocks}u`;
    const placeOf = (piece: string): [string, string] => {
      if (!operand.isTransposed) return [`(${piece} / ${width}u)`, `(${piece} % ${width}u)`];
      // Neighbours take two blocks of one row, which are a sector of memory.
      const [half, rest] = [`(${piece} % 2u)`, `(${piece} / 2u)`];
      return [`(${rest} / ${width}u * 2u + ${half})`, `(${rest} % ${width}u)`];
    };
    return {
      declare: each(turns, (t) => each(perPiece, (i) => `  var ${register(t, i)}: vec4f;`)),
      fetch: text((t, piece, guard) => {
        const [k, block] = placeOf(piece);
        const kAt = operand.isTransposed ? `(first / 4u + ${k})` : `(first + ${k})`;
        const at = `(${firstBlock} + ${block})`;
        const conditions = [
          guard,
          operand.isTransposed ? `4u * ${kAt} < length` : `${kAt} < length`,
          edgeGuard?.(at) ?? null,
        ].filter((condition) => condition !== null);
        const loads = operand.isTransposed
          ? each(
              4,
              (i) => `        ${register(t, i)} = ${operand.load(`(4u * ${at} + ${i}u)`, kAt)};`,
            )
          : `        ${register(t, 0)} = ${operand.load(kAt, at)};`;
        return `      if (${conditions.join(" && ")}) {\n${loads}\n      }`;
      }),
      store: text((t, piece, guard) => {
        const [k, block] = placeOf(piece);
        const place = (i: number) =>
          operand.isTransposed
            ? `${target}[(4u * ${k} + ${i}u) * ${width}u + ${block}]`
            : `${target}[${piece}]`;
        const value = (i: number) =>
          operand.isTransposed
            ? `vec4f(${[0, 1, 2, 3].map((j) => `${register(t, j)}[${i}]`).join(", ")})`
            : register(t, 0);
        const stores = each(perPiece, (i) => `    ${place(i)} = ${value(i)};`);
        return guard === null ? stores : `    if (${guard}) {\n${stores}\n    }`;
      }),
    };
  }
}
