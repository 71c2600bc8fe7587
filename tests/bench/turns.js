// Who comes when. A page that follows a heavy one finds a busier machine, so each has to follow each other one equally often:
// a Williams square, balanced after as many rounds as there are contenders, or twice as many where their number is odd.

export function inTurn(contenders, round) {
  const count = contenders.length;
  const zigzag = Array.from({ length: count }, (_, at) => (at % 2 ? (at + 1) / 2 : (count - at / 2) % count));
  const order = zigzag.map((place) => contenders[(place + round) % count]);
  return count % 2 && Math.floor(round / count) % 2 ? order.reverse() : order;
}
