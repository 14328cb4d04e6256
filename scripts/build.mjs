import { ensureReady, main } from "./workspace.mjs";

await main(ensureReady);
