// Medians and their spread. A mean would follow the one sample in which the machine did something else.

const at = (sorted, part) => {
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  return sorted[below] + ((sorted[below + 1] ?? sorted[below]) - sorted[below]) * (place - below);
};

export function spread(samples) {
  const sorted = [...samples].sort((one, other) => one - other);
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75), samples: sorted.length };
}

// By how much samples lie above those of the same rounds of something else. What a busy machine adds to both falls out.
export const beyond = (samples, others) => spread(samples.map((sample, round) => sample - others[round]));

// `12.3 (11.9 to 13.0)`: the median, and where the middle half of the samples lies.
export const shown = ({ median, low, high }, digits = 1) =>
  `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
