import { useChat } from "@ai-sdk/react";
import { createElement as h, useState } from "react";

const show = {
  text: ({ text }) => h("p", {}, text),
  "source-url": ({ url, title }) => h("a", { href: url }, title),
  "source-document": ({ title }) => h("cite", {}, title),
  "data-citation": ({ data }) => data && h("blockquote", {}, `[${data.number}] ${data.quote}`),
};

/** A chat that shows answers, their sources and the quotes that hold them. */
export function Chat({ transport }) {
  const [step, setStep] = useState("");
  const { messages, sendMessage, status, stop } = useChat({
    transport,
    onData: ({ type, data }) => type === "data-query" && setStep(data.query),
  });
  return h(
    "main",
    {},
    messages.map(({ id, parts }) =>
      h(
        "section",
        { key: id },
        parts.map((part, at) => h("div", { key: at }, show[part.type]?.(part))),
      ),
    ),
    status === "ready"
      ? h("button", { type: "button", onClick: () => sendMessage({ text: "Who built the labyrinth?" }) }, "Ask")
      : h("button", { type: "button", onClick: stop }, `Stop (${step})`),
  );
}
