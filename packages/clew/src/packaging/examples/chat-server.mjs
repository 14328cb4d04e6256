import { createUIMessageStreamResponse } from "ai";
import { createRetrievalAgent, toUIMessageStream } from "clew";
import { retriever } from "./library.mjs";

const agent = createRetrievalAgent({ retriever });

/** A route of any server that speaks Request and Response: Next.js, Hono, Deno, Bun. */
export async function POST(request) {
  const { messages } = await request.json();
  const question = messages
    .at(-1)
    .parts.map((part) => (part.type === "text" ? part.text : ""))
    .join("");
  return createUIMessageStreamResponse({
    stream: toUIMessageStream((signal) => agent.stream(question, { signal })),
  });
}
