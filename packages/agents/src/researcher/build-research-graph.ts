import { type BaseCheckpointSaver, END, START, StateGraph } from "@langchain/langgraph";
import { breathing } from "../breathe.js";
import { traced } from "../telemetry/traced.js";
import { beginResearchNode, outlineNode } from "./outline-node.js";
import { composeNode, finishResearchNode, sendSections, shareNode } from "./research-nodes.js";
import type { ResearchParts } from "./research-run.js";
import { researchState } from "./research-state.js";
import { sectionNode } from "./section-node.js";

/**
 * Research as a LangGraph graph: `begin → outline → (share → section side by side)* → compose → finish`. Its input is
 * `{ question, options }`, its output `report`; events go to the stream mode `custom`.
 */
export function buildResearchGraph(parts: ResearchParts, checkpointer?: BaseCheckpointSaver) {
  const { agent } = parts;
  return new StateGraph(researchState)
    .addNode("begin", traced(agent, "begin", breathing(beginResearchNode(parts))))
    .addNode("outline", traced(agent, "outline", breathing(outlineNode(parts))))
    .addNode("share", traced(agent, "share", breathing(shareNode(parts))))
    .addNode(
      "section",
      traced(agent, "section", breathing(sectionNode(parts)), ({ section }) => ({ "clew.section": section.id })),
    )
    .addNode("compose", traced(agent, "compose", breathing(composeNode(parts))))
    .addNode("finish", traced(agent, "finish", breathing(finishResearchNode())))
    .addEdge(START, "begin")
    .addEdge("begin", "outline")
    .addEdge("outline", "share")
    .addConditionalEdges("share", sendSections, ["section", "compose"])
    .addEdge("section", "share")
    .addEdge("compose", "finish")
    .addEdge("finish", END)
    .compile({ name: "clew-research", ...(checkpointer === undefined ? {} : { checkpointer }) });
}

/** The compiled graph of a researcher. */
export type ResearchGraph = ReturnType<typeof buildResearchGraph>;

/** Supersteps that research of so many sections takes, so many side by side, and the one more that LangGraph wants. */
export const researchSteps = (sections: number, parallel: number): number => 5 + 2 * Math.ceil(sections / parallel) + 1;
