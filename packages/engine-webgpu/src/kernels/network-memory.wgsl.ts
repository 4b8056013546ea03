// How the functions of a kernel reach the memory of their network. A pointer to an array of known
// length is checked against that length alone, which is cheaper than asking for the length of an
// array of all networks at every access; and no index can reach another network.

/** Opens a function that reads or writes `(*values)[...]` or `(*parameters)[...]`. */
export const openNetwork = /* wgsl */ `
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];`;
