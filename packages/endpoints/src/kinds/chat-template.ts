import type { BaseMessage } from "@langchain/core/messages";

/** Writes a conversation as one prompt, for a model that was not trained on chats, or by the form that it was trained on. */
export type ChatTemplate = (messages: readonly BaseMessage[]) => string;

const names: Readonly<Record<string, string>> = { human: "User", ai: "Assistant", system: "System", tool: "Tool" };

/**
 * A plain prompt for base models: instructions first, then `User:` and `Assistant:` lines, ending where the model goes on.
 *
 * @see {@link plainStop} where the model is to stop
 */
export const plainTemplate: ChatTemplate = (messages) => {
  const told = messages.map((message) => {
    const type = message.getType();
    return type === "system" ? message.text : `${names[type] ?? type}: ${message.text}`;
  });
  return `${told.join("\n\n")}\n\nAssistant:`;
};

/** Where a model that was prompted by {@link plainTemplate} is stopped: it would write the user's next line itself. */
export const plainStop: readonly string[] = ["\nUser:"];
