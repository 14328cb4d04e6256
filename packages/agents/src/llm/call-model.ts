export { callModel, type ModelReply, type ModelRequest, type Streams } from "@clew/core";
