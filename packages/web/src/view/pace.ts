// How often a page is drawn while something trains: in a frame, and then not for ten times as long as
// that took, painting included. So scrolling and typing have nine tenths of the page's time, however
// slow the machine and however large the plots.

const REST = 10;

export class Pace {
  #isWaiting = false;
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  /** The picture is drawn once for any number of calls before its frame. */
  draw(picture: () => void): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#timer = setTimeout(() => {
      this.#frame = requestAnimationFrame(() => this.#inFrame(picture));
    }, this.#next - now());
  }

  /** Nothing that waits is drawn any more, nor is kept in memory by waiting. */
  stop(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#isWaiting = false;
  }

  #inFrame(picture: () => void): void {
    const before = now();
    this.#isWaiting = false;
    picture();
    // A task that comes after the frame has been painted.
    setTimeout(() => {
      this.#next = now() + REST * (now() - before);
    });
  }
}

function now(): number {
  return performance.now();
}
