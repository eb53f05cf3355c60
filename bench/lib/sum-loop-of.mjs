/**
 * A loop of its own for each contestant, that adds up what the calls return: what is looked at cannot be left out by the
 * engine. See `loopOf`.
 *
 * @param {() => number} read
 */
export function sumLoopOf(read) {
  loops += 1;
  const body = `/* sum ${loops} */ return (calls) => {
    let sum = 0;
    for (let call = 0; call < calls; call += 1) sum += read();
    if (Number.isNaN(sum)) throw new Error('not a number');
    return sum;
  }`;
  return new Function('read', body)(read);
}
let loops = 0;
