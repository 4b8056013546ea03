// How the functions of a kernel reach the memory of their network. A pointer to an array of known
// length is checked against that length alone, which on SwiftShader made the inner loops a fifth
// faster than one array for all networks; and no index can reach another network.

/** Opens a function that reads or writes `(*values)[...]` or `(*parameters)[...]`. */
export const openNetwork = /* wgsl */ `
  let values = &populationValues[valueSlot];
  let parameters = &populationParameters[networkIndex];`;
