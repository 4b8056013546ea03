// Training rows that are equal in every column and have different labels: no function of the
// columns can be right about all of them.

import type { Dataset } from "../../dataset/dataset.ts";

export interface ConflictFacts {
  /** Rows that have an equal row with another label. */
  readonly rows: number;
  /** Rows that any function of the columns gets wrong. */
  readonly unavoidable: number;
  /** Different rows. */
  readonly distinct: number;
}

export function conflictFacts({ columns, classes, train }: Dataset): ConflictFacts {
  const width = columns.length;
  const groups = groupsOfEqualRows(
    new Uint32Array(train.x.buffer, train.x.byteOffset, train.x.length),
    width,
    train.rows,
  );
  const distinct = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  const counts = new Int32Array(distinct * classes.length);
  groups.forEach((group, row) => {
    counts[group * classes.length + train.y[row]]++;
  });
  let rows = 0;
  let unavoidable = 0;
  for (let group = 0; group < distinct; group++) {
    let size = 0;
    let largest = 0;
    for (let k = group * classes.length; k < (group + 1) * classes.length; k++) {
      size += counts[k];
      largest = Math.max(largest, counts[k]);
    }
    unavoidable += size - largest;
    if (largest < size) rows += size;
  }
  return { rows, unavoidable, distinct };
}

/** For each row, the number of its group: rows that are equal bit for bit. */
function groupsOfEqualRows(bits: Uint32Array, width: number, rows: number): Int32Array {
  // An open hash table at most half full; a slot holds the first row of a group.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows + 1))).fill(-1);
  const groups = new Int32Array(rows);
  let found = 0;
  for (let row = 0; row < rows; row++) {
    let slot = hashOf(bits, row * width, width) & (slots.length - 1);
    while (slots[slot] !== -1 && !isEqual(bits, slots[slot] * width, row * width, width)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    if (slots[slot] === -1) {
      slots[slot] = row;
      groups[row] = found++;
    } else groups[row] = groups[slots[slot]];
  }
  return groups;
}

function isEqual(words: Uint32Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (words[a + i] !== words[b + i]) return false;
  return true;
}

/** FNV-1a over words, with the high bits mixed down. */
function hashOf(words: Uint32Array, start: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < start + length; i++) {
    hash = Math.imul(hash ^ words[i], 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
