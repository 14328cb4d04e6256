// Resolves from this folder, where the peers are installed.
import { createRequire } from "node:module";

/** The module of that name as an `import` finds it. */
export const load = (name) => import(name);

/** The module of that name as a `require` finds it. */
export const loadCommonJs = createRequire(import.meta.url);
