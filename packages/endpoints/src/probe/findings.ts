import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { jsonIn } from "../json-in.js";
import { asRecord } from "../kinds/read-json.js";
import { type askModel, cut } from "./ask.js";
import type { Finding } from "./probe-report.js";

/** Names that no model would choose by itself. */
const [tool, argument] = ["vq7_take_thread", "vq7_colour"] as const;
const schema = {
  type: "object",
  properties: { vq7_beast: { type: "string", maxLength: 12 }, vq7_legs: { type: "integer" } },
  required: ["vq7_beast", "vq7_legs"],
  additionalProperties: false,
};

type Ask = typeof askModel;
type Asked = Awaited<ReturnType<Ask>>;

/** Does it call a tool that it must call, with an argument by the name that the tool gives it? */
export async function findTools(model: BaseChatModel, ask: Ask, signal: AbortSignal | undefined): Promise<Finding> {
  if (typeof model.bindTools !== "function") return { answer: "no", evidence: "it takes no tools" };
  const parameters = { type: "object", properties: { [argument]: { type: "string" } }, required: [argument] };
  let bound: unknown;
  try {
    bound = model.bindTools(
      [{ type: "function", function: { name: tool, description: "Takes a thread.", parameters } }],
      {
        tool_choice: tool,
      },
    );
  } catch (error) {
    // a model that is declared to call none says so here
    return { answer: "no", evidence: cut(error instanceof Error ? error.message : String(error)) };
  }
  const asked = await ask(bound as BaseChatModel, `Take the red thread: call the tool ${tool}.`, {
    signal,
    options: { maxTokens: 96, temperature: 0 },
  });
  return judged(asked, ({ tool_calls: calls = [], text }) => {
    const call = calls.find(({ name }) => name === tool);
    if (call !== undefined && argument in call.args)
      return { answer: "yes", evidence: `called with ${cut(JSON.stringify(call.args))}` };
    if (call !== undefined)
      return { answer: "no", evidence: `called without its argument: ${cut(JSON.stringify(call.args))}` };
    return { answer: "no", evidence: `ignored; it said: ${cut(text)}` };
  });
}

/** Is the answer held to a schema that the prompt does not mention? */
export async function findJsonSchema(
  model: BaseChatModel,
  ask: Ask,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const asked = await ask(model, "What is a cat, and how many legs has it? Answer in JSON.", {
    signal,
    options: {
      maxTokens: 64,
      temperature: 0,
      response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    },
  });
  return judged(asked, ({ text }) => {
    const value = asRecord(jsonIn(text));
    const names = Object.keys(value ?? {}).sort();
    if (value !== undefined && names.join() === "vq7_beast,vq7_legs") {
      const fits = typeof value.vq7_beast === "string" && Number.isInteger(value.vq7_legs);
      return { answer: fits ? "yes" : "no", evidence: cut(`${fits ? "kept" : "names kept, types not"}: ${text}`) };
    }
    // decoding that is held to a schema can only begin so, wherever the limit cut it
    if (value === undefined && /^\s*\{\s*"vq7_(?:beast|legs)"/.test(text)) {
      return { answer: "yes", evidence: cut(`kept, cut by the limit of tokens: ${text}`) };
    }
    return { answer: "no", evidence: cut(`accepted and ignored; it said: ${text}`) };
  });
}

/** Does it write JSON where prose would be the answer? */
export async function findJsonMode(model: BaseChatModel, ask: Ask, signal: AbortSignal | undefined): Promise<Finding> {
  // OpenAI refuses the mode where the word does not occur
  const asked = await ask(model, "In one short sentence: what is a cat? (This has nothing to do with JSON.)", {
    signal,
    options: { maxTokens: 64, temperature: 0, response_format: { type: "json_object" } },
  });
  return judged(asked, ({ text }) => {
    const isJson = asRecord(parsed(text)) !== undefined;
    if (isJson) return { answer: "yes", evidence: cut(`kept: ${text}`) };
    if (/^\s*\{\s*"/.test(text)) return { answer: "yes", evidence: cut(`kept, cut by the limit of tokens: ${text}`) };
    if (text.trim() === "") return { answer: "unknown", evidence: "it said nothing" };
    return { answer: "no", evidence: cut(`accepted and ignored; it said: ${text}`) };
  });
}

/** Does it tell how likely its tokens were? */
export async function findLogprobs(model: BaseChatModel, ask: Ask, signal: AbortSignal | undefined): Promise<Finding> {
  const asked = await ask(model, "Reply with the one word: yes.", {
    signal,
    options: { maxTokens: 4, temperature: 0, logprobs: true },
  });
  return judged(asked, ({ response_metadata: { logprobs } }) =>
    logprobs === undefined || logprobs === null
      ? { answer: "no", evidence: "accepted and ignored" }
      : { answer: "yes", evidence: "given with the answer" },
  );
}

function judged(asked: Asked, judge: (message: Extract<Asked, { kind: "answered" }>["message"]) => Finding): Finding {
  if (asked.kind === "answered") return judge(asked.message);
  return { answer: asked.kind === "refused" ? "no" : "unknown", evidence: cut(asked.why) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // prose; the caller says so
    return undefined;
  }
}
