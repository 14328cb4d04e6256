import { describe } from "vitest";
import { eraseSuite } from "./erase-suite.js";
import { failureSuite } from "./failure-suite.js";
import { filterSuite } from "./filter-suite.js";
import { indexBench, type TestIndexOptions } from "./index-bench.js";
import { oracleSuite } from "./oracle-suite.js";
import { removalSuite } from "./removal-suite.js";
import { scopeSuite } from "./scope-suite.js";
import { searchSuite } from "./search-suite.js";
import { snapshotSuite } from "./snapshot-suite.js";
import { syncSuite } from "./sync-suite.js";

/**
 * The contract of the Index port, as tests. Call it where vitest collects tests; the index must use the embedder,
 * splitter, analyzer, access rule and clock that it is handed, so that each number can be foreseen.
 *
 * @example
 * testIndex({ open: async (setup) => memoryIndex(setup) });
 */
export function testIndex(options: TestIndexOptions): void {
  const bench = indexBench(options);
  describe("index contract", () => {
    syncSuite(bench);
    removalSuite(bench);
    eraseSuite(bench);
    failureSuite(bench);
    scopeSuite(bench);
    filterSuite(bench);
    searchSuite(bench);
    snapshotSuite(bench);
    oracleSuite(bench);
  });
}
