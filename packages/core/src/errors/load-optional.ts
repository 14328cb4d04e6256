import { ClewError } from "./clew-error.js";

/** Options of {@link loadOptional}. */
export interface LoadOptionalOptions<T> {
  /** Package to install when the import fails. */
  name: string;
  /** Function or feature that needs it, as the user knows it. */
  neededBy: string;
  /** The written-out `import()`, so that bundlers and types see it. */
  load: () => Promise<T>;
}

/**
 * Loads an optional package on first use.
 *
 * @throws ClewError `missing-package`, naming the package to install, with the import's own failure as `cause`
 */
export async function loadOptional<T>({ name, neededBy, load }: LoadOptionalOptions<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new ClewError("missing-package", `${neededBy} could not load "${name}". Install it with: pnpm add ${name}`, {
      cause,
    });
  }
}
