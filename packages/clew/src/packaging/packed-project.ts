import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const workspace = fileURLToPath(new URL("../../../../", import.meta.url));

/** A project outside the workspace, into which the packed packages are installed. */
export interface PackedProject {
  readonly folder: string;
  /** Runs a script of this name and content with Node, and returns what it printed. */
  node(name: string, script: string, args?: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Options of {@link packedProject}. */
export interface PackedProjectOptions {
  /** Packages that a reader of the examples installs beside clew; they are development dependencies here. */
  beside?: readonly string[] | undefined;
}

/**
 * Packs every package as it would be published, and lays the tarballs out in an empty project beside exactly the packages
 * that they declare, and those that are named. Nothing is fetched, so it works without a network.
 */
export async function packedProject({ beside = [] }: PackedProjectOptions = {}): Promise<PackedProject> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "clew-packed-")));
  const modules = join(folder, "node_modules");
  const declared = new Map<string, string>();
  const packages = (await readdir(join(workspace, "packages"))).filter((name) => name !== "node_modules");
  for (const name of packages.sort()) {
    const source = join(workspace, "packages", name);
    const tarballs = join(folder, "tarballs", name);
    await mkdir(tarballs, { recursive: true });
    await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", tarballs], { cwd: source });
    const [tarball] = await readdir(tarballs);
    await run("tar", ["-xzf", join(tarballs, tarball!), "-C", tarballs]);
    const manifest: Manifest = JSON.parse(await readFile(join(tarballs, "package", "package.json"), "utf8"));
    const target = join(modules, manifest.name);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(tarballs, "package"), target, { recursive: true });
    const required = Object.keys(manifest.peerDependencies ?? {}).filter(
      (peer) => manifest.peerDependenciesMeta?.[peer]?.optional !== true,
    );
    for (const dependency of [...Object.keys(manifest.dependencies ?? {}), ...required]) {
      if (!dependency.startsWith("@clew/") && dependency !== "clew" && !declared.has(dependency)) {
        declared.set(dependency, await realpath(join(source, "node_modules", dependency)));
      }
    }
  }
  for (const name of beside) {
    declared.set(name, await realpath(join(workspace, "packages", "clew", "node_modules", name)));
  }
  for (const [name, path] of declared) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(path, join(modules, name), "dir");
  }
  await writeFile(join(folder, "package.json"), '{ "name": "empty", "private": true }\n');
  return {
    folder,
    node: async (name, script, args = []) => {
      await writeFile(join(folder, name), script);
      const { stdout } = await run(process.execPath, [join(folder, name), ...args], { cwd: folder, maxBuffer: 1e8 });
      return stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
