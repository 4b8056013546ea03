// Decompresses an LZ4 frame, which is how pandas writes Feather files unless it is told otherwise.
// https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md (frames) and lz4_Block_format.md

const MAGIC = 0x184d2204;

/** @throws RangeError for what is no frame, is cut off, or unpacks to more than `limit` bytes */
export function decompressLz4Frame(bytes: Uint8Array, limit: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError("no LZ4 frame");
  const flags = bytes[4];
  const hasBlockSums = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  // Magic number, flags, block descriptor, content size, dictionary, header checksum.
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  const output = new Output(limit);
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return output.taken();
    const length = size & 0x7fffffff;
    if (at + length > bytes.length) throw new RangeError("an LZ4 block is cut off");
    const block = bytes.subarray(at, at + length);
    if (size >>> 31 === 1) output.append(block);
    else decompressBlock(block, output);
    at += length + (hasBlockSums ? 4 : 0);
  }
}

/** A match may reach into the blocks before. */
function decompressBlock(block: Uint8Array, output: Output): void {
  let i = 0;
  const extended = (length: number) => {
    if (length < 15) return length;
    let total = length;
    for (;;) {
      if (i >= block.length) throw new RangeError("an LZ4 length is cut off");
      total += block[i];
      if (block[i++] !== 255) return total;
    }
  };
  while (i < block.length) {
    const token = block[i++];
    const literals = extended(token >> 4);
    if (i + literals > block.length) throw new RangeError("LZ4 literals are cut off");
    output.append(block.subarray(i, i + literals));
    i += literals;
    // The last sequence of a block has literals only.
    if (i >= block.length) return;
    const offset = block[i] | (block[i + 1] << 8);
    i += 2;
    output.repeat(offset, extended(token & 15) + 4);
  }
}

class Output {
  private readonly limit: number;
  private bytes = new Uint8Array(2 ** 16);
  private length = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What stood `offset` bytes ago once more; it may overlap what is written. */
  repeat(offset: number, count: number): void {
    if (offset === 0 || offset > this.length) throw new RangeError("an LZ4 match reaches too far");
    this.reserve(count);
    for (let i = 0; i < count; i++, this.length++) {
      this.bytes[this.length] = this.bytes[this.length - offset];
    }
  }

  taken(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed > this.limit) throw new RangeError("an LZ4 frame unpacks to too much");
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
