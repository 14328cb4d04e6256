/** Work that says from time to time how many characters it went through since it last did. */
export type SlicedWork<T> = Generator<number, T, undefined>;

/** Characters after which others have their turn: a few milliseconds of hashing. */
const sliceLength = 200_000;

/** The work without a pause. */
export function atOnce<T>(work: SlicedWork<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The work in slices, between which the event loop runs. What is shorter than one slice is done without a pause.
 *
 * @throws the signal's reason
 */
export async function inSlices<T>(work: SlicedWork<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  let done = 0;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    done += step.value;
    if (done < sliceLength) continue;
    done = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
  }
}
