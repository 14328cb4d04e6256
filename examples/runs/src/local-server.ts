// A stand-in for a chat model: it speaks OpenAI's protocol on this machine, knows its part by heart, and counts its tokens.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Body {
  readonly messages: readonly { readonly content: string }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly max_tokens: number;
}

const charsPerToken = 4;

function answerTo([system = "", user = ""]: readonly string[]): object | string {
  if (system.startsWith("You decide")) {
    return { kind: "retrieve", question: user.split("Question:\n")[1], text: null, why: "it asks for facts" };
  }
  if (system.startsWith("You plan")) {
    const subQuestions = [
      { id: "a", question: "Where did Theseus kill the Minotaur?", dependsOn: [] },
      { id: "b", question: "Who built the Labyrinth, and who was his son?", dependsOn: ["a"] },
    ];
    return { subQuestions };
  }
  const shown = [...user.matchAll(/<<<evidence (E\d+)[\s\S]*?>>>/g)];
  const withText = (text: string): string => shown.find(([whole]) => whole.includes(text))?.[1] ?? "E1";
  if (system.startsWith("You check")) {
    const open = { answered: false, evidence: [], answer: null, missing: "his son", query: "Daedalus son" };
    const place = {
      answered: true,
      evidence: [withText("Labyrinth")],
      answer: "the Labyrinth",
      missing: null,
      query: null,
    };
    return {
      grades: [
        { id: "q1", ...place },
        { id: "q2", ...open },
      ],
    };
  }
  return `Theseus killed the Minotaur in the Labyrinth. [${withText("Minotaur")}]`;
}

/** Serves it at an address of this machine, until it is closed. */
export async function serveLocally() {
  const server = createServer(async (request, response) => {
    let sent = "";
    for await (const part of request) sent += String(part);
    const { messages, tools, max_tokens: most } = JSON.parse(sent) as Body;
    const said = answerTo(messages.map(({ content }) => content));
    const text = (typeof said === "string" ? said : JSON.stringify(said)).slice(0, most * charsPerToken);
    const called = {
      index: 0,
      id: "call",
      type: "function",
      function: { name: tools?.[0]?.function.name, arguments: text },
    };
    const usage = {
      prompt_tokens: Math.ceil(sent.length / charsPerToken),
      completion_tokens: Math.ceil(text.length / charsPerToken),
    };
    const finish = text.length === most * charsPerToken ? "length" : "stop";
    const event = (choices: object[], counted: object | null): string =>
      `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", model: "local", choices, usage: counted })}\n\n`;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const delta = tools === undefined ? { content: text } : { tool_calls: [called] };
    response.write(event([{ index: 0, delta: { role: "assistant", ...delta }, finish_reason: null }], null));
    response.write(event([{ index: 0, delta: {}, finish_reason: finish }], null));
    response.end(`${event([], usage)}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { baseURL: `http://127.0.0.1:${port}/v1`, close };
}
