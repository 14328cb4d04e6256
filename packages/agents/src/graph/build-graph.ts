import { type BaseCheckpointSaver, END, START, StateGraph } from "@langchain/langgraph";
import { breathing } from "../breathe.js";
import { traced } from "../telemetry/traced.js";
import { approvePlanNode, approveWriteNode } from "./approve-nodes.js";
import { beginNode, gradeNode, planNode, retrieveNode, routeNode } from "./look-nodes.js";
import type { AgentParts } from "./run.js";
import { runState } from "./run-state.js";
import { finishNode, repairNode, verifyNode, writeNode } from "./write-nodes.js";

/**
 * The agent as a LangGraph graph: `begin → route → plan → approvePlan? → (retrieve → grade)* → approveWrite? → write →
 * verify → (repair → verify)? → finish`. Its input is `{ question, options }`, its output `answer`; events go to the stream mode `custom`.
 */
export function buildGraph(parts: AgentParts, checkpointer?: BaseCheckpointSaver) {
  const { approve } = parts;
  const looked = approve.has("write") ? "approveWrite" : "write";
  const planned = approve.has("plan") ? "approvePlan" : "retrieve";
  return new StateGraph(runState)
    .addNode("begin", traced(parts, "begin", breathing(beginNode(parts))))
    .addNode("route", traced(parts, "route", breathing(routeNode(parts))))
    .addNode("plan", traced(parts, "plan", breathing(planNode(parts))))
    .addNode("approvePlan", traced(parts, "approvePlan", breathing(approvePlanNode(parts))))
    .addNode("retrieve", traced(parts, "retrieve", breathing(retrieveNode(parts))))
    .addNode("grade", traced(parts, "grade", breathing(gradeNode(parts))))
    .addNode("approveWrite", traced(parts, "approveWrite", breathing(approveWriteNode(parts))))
    .addNode("write", traced(parts, "write", breathing(writeNode(parts))))
    .addNode("verify", traced(parts, "verify", breathing(verifyNode(parts))))
    .addNode("repair", traced(parts, "repair", breathing(repairNode(parts))))
    .addNode("finish", traced(parts, "finish", breathing(finishNode(parts))))
    .addEdge(START, "begin")
    .addEdge("begin", "route")
    .addConditionalEdges("route", ({ routed }) => (routed?.kind === "retrieve" ? "plan" : "finish"), ["plan", "finish"])
    .addConditionalEdges("plan", ({ queries }) => (queries.length > 0 ? planned : looked), [
      "approvePlan",
      "retrieve",
      "approveWrite",
      "write",
    ])
    .addConditionalEdges("approvePlan", ({ stopped }) => (stopped === "rejected" ? "finish" : "retrieve"), [
      "retrieve",
      "finish",
    ])
    .addEdge("retrieve", "grade")
    .addConditionalEdges("grade", ({ queries }) => (queries.length > 0 ? "retrieve" : looked), [
      "retrieve",
      "approveWrite",
      "write",
    ])
    .addConditionalEdges("approveWrite", ({ stopped }) => (stopped === "rejected" ? "finish" : "write"), [
      "write",
      "finish",
    ])
    .addEdge("write", "verify")
    .addConditionalEdges("verify", ({ repairing }) => (repairing ? "repair" : "finish"), ["repair", "finish"])
    .addEdge("repair", "verify")
    .addEdge("finish", END)
    .compile({ name: "clew", ...(checkpointer === undefined ? {} : { checkpointer }) });
}

/** The compiled graph of an agent. */
export type RetrievalGraph = ReturnType<typeof buildGraph>;
