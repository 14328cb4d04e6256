export { callModel, type ModelReply } from "@clew/core";
