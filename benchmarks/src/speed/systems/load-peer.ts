import { readFile } from "node:fs/promises";

const folder = new URL("../../../peers/", import.meta.url);

interface Loader {
  load(name: string): Promise<unknown>;
  loadCommonJs(name: string): unknown;
}

const loader = async (): Promise<Loader> => (await import(new URL("load.mjs", folder).href)) as Loader;

/**
 * A package of `benchmarks/peers`, which are no dependencies of this one; the type names the parts in use.
 *
 * @throws the import's own error when it is not installed
 */
export const loadPeer = async <T>(name: string): Promise<T> => (await (await loader()).load(name)) as T;

/** The same for a package whose module for `import` is broken. */
export const loadCommonJsPeer = async <T>(name: string): Promise<T> => (await loader()).loadCommonJs(name) as T;

/** The installed version of a peer; undefined when it is not installed. */
export async function peerVersion(name: string): Promise<string | undefined> {
  try {
    const manifest = await readFile(new URL(`node_modules/${name}/package.json`, folder), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  } catch {
    return undefined; // told by the system's own failure to load
  }
}
