/**
 * Memory shared with a worker that says whether it is inside the inference library, and whether its work is still wanted. A thread that is ended there takes
 * the whole process with it (the library throws where nobody can catch), so whoever ends a thread shuts the gate first.
 */
export type Gate = Int32Array<SharedArrayBuffer>;

const inside = 0;
const shut = 1;
const abandoned = 2;

/** Longest wait for an inference to come to its end while the process exits, in milliseconds. */
const exitWait = 10_000;

/** Makes an open gate. */
export const openGate = (): Gate => new Int32Array(new SharedArrayBuffer(12));

/** Runs work inside the gate, in the worker. @throws Error when the gate is shut */
export async function throughGate<T>(gate: Gate, work: () => Promise<T>): Promise<T> {
  Atomics.store(gate, inside, 1);
  try {
    if (Atomics.load(gate, shut) === 1) throw new Error("The model is being closed.");
    return await work();
  } finally {
    Atomics.store(gate, inside, 0);
    Atomics.notify(gate, inside);
  }
}

/** Lets nothing in any more. */
export const shutGate = (gate: Gate): void => {
  Atomics.store(gate, shut, 1);
};

/** Says whether anybody still waits for the request that runs; the worker looks between two texts. */
export const setAbandoned = (gate: Gate, value: boolean): void => {
  Atomics.store(gate, abandoned, value ? 1 : 0);
};

/** Has whoever sent the request that runs left? */
export const isAbandoned = (gate: Gate): boolean => Atomics.load(gate, abandoned) === 1;

const open = new Set<Gate>();

/** Shuts the gate when the process exits, and waits for what is inside. */
export function guardExit(gate: Gate): void {
  if (open.size === 0) process.on("exit", shutAll);
  open.add(gate);
}

/** Undoes {@link guardExit}: the thread has ended. */
export function unguardExit(gate: Gate): void {
  open.delete(gate);
  if (open.size === 0) process.off("exit", shutAll);
}

function shutAll(): void {
  for (const gate of open) shutGate(gate);
  for (const gate of open) Atomics.wait(gate, inside, 1, exitWait);
}
