/** Charts are drawn one after another, with a breath between: sixty at once would freeze the page. */

const waiting: (() => void)[] = [];
let running = false;
/** Charts drawn in a row before the browser may do something else. */
const SLICE_MS = 12;

/** Draw soon; answers how to take it back. */
export function drawSoon(draw: () => void): () => void {
  waiting.push(draw);
  if (!running) {
    running = true;
    next();
  }
  return () => {
    const at = waiting.indexOf(draw);
    if (at >= 0) waiting.splice(at, 1);
  };
}

/** All that waits, at once: a page that is printed waits for nothing. */
export function drawNow(): void {
  for (const draw of waiting.splice(0)) draw();
}

function next(): void {
  // A message and not a timer: timers of a page that is not looked at come once a second.
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const started = performance.now();
    do waiting.shift()?.();
    while (waiting.length > 0 && performance.now() - started < SLICE_MS);
    running = waiting.length > 0;
    if (running) next();
    channel.port1.close();
  };
  channel.port2.postMessage(null);
}
