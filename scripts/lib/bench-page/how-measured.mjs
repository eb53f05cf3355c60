/** The rules that all benches keep, for those who judge their figures. */
export const howMeasured = [
  '- **Interleaved**: contestants take turns, round after round, against the same servers over the same client library. What slows the machine down for a while slows all of them.',
  '- **Warm**: everybody runs until it is compiled and its connections are open, before anything counts.',
  '- **Medians and range**: a figure is the median of the rounds, a whisker goes from the quickest to the slowest round, and ratios are medians of the ratios within each round.',
  '- **Processor time beside wall time** where a machine that does other things too would blur the wall.',
  '- **A/A**: where a bar is a few per cent of latency, the bare contestant runs twice. The difference of the two is what the machine cannot tell apart; above a third of the bar, the bar is void.',
  '- **The limit**: each comparison has the bare operation beside it where there is one.',
  '- **What is claimed is judged by the run**: a bar that is missed is missed here, with its cause.',
].join('\n');
