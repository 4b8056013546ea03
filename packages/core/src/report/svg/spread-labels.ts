// Labels at the ends of lines, moved apart so that none covers another.

/**
 * New centres for labels that want to be at `wanted`, at least `height` apart and within
 * [top, bottom], in the order given. Labels that collide move as one block around their common
 * mean, which keeps the sum of squared moves least (pool adjacent violators).
 */
export function spreadLabels(
  wanted: readonly number[],
  height: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const room = bottom - top;
  const gap = wanted.length > 1 ? Math.min(height, room / (wanted.length - 1)) : height;
  // With each label's own offset taken off, "at least a gap apart" becomes "not decreasing".
  const blocks: { sum: number; members: number[] }[] = [];
  order.forEach((index, rank) => {
    let block = { sum: wanted[index] - rank * gap, members: [index] };
    let above = blocks.at(-1);
    while (
      above !== undefined &&
      above.sum / above.members.length >= block.sum / block.members.length
    ) {
      blocks.pop();
      block = { sum: above.sum + block.sum, members: [...above.members, ...block.members] };
      above = blocks.at(-1);
    }
    blocks.push(block);
  });
  const placed = new Array<number>(wanted.length);
  const highest = bottom - (wanted.length - 1) * gap;
  let rank = 0;
  for (const { sum, members } of blocks) {
    const start = Math.min(Math.max(sum / members.length, top), Math.max(top, highest));
    for (const index of members) placed[index] = start + gap * rank++;
  }
  return placed;
}
