import { testIndex } from "@clew/core/testing";
import { describe } from "vitest";
import { openIndex } from "./open-index.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

describe("openIndex", () => {
  const paths = new WeakMap<object, string>();
  testIndex({
    open: async (setup) => {
      const path = temporaryDirectory();
      const index = await openIndex(path, setup);
      paths.set(index, path);
      return index;
    },
    reopen: async (index, setup) => {
      await index.close();
      return openIndex(paths.get(index)!, setup);
    },
  });
});
