import { clew, clewLexical } from "./clew.js";
import { lance, lanceApproximate, lanceText } from "./lancedb.js";
import { langChain, langChainBm25 } from "./langchain.js";
import { llamaIndex, llamaIndexBm25 } from "./llamaindex.js";
import { mastra } from "./mastra.js";
import { miniSearch } from "./minisearch.js";
import { orama, oramaText } from "./orama.js";
import { sqlite, sqliteText } from "./sqlite.js";
import type { System } from "./system.js";

/** Every system that can be measured, ours first. */
export const allSystems: readonly System[] = [
  clewLexical,
  clew,
  miniSearch,
  oramaText,
  orama,
  sqliteText,
  sqlite,
  lanceText,
  lance,
  lanceApproximate,
  langChainBm25,
  langChain,
  llamaIndexBm25,
  llamaIndex,
  mastra,
];
