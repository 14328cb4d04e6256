import { readEvents } from "./read-events.js";

const find = (selector) => document.querySelector(selector);
const [talk, progress, form, field, cancel, customer] = [
  ...["#talk", "#progress", "#ask", "#question", "#cancel", "#customer"].map(find),
];
let thread;
let replies;
let running;

/** An element whose texts are texts: nothing that a document says is ever read as HTML. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const say = (who, ...children) => {
  const line = element("li", { class: who }, ...children);
  talk.append(line);
  line.scrollIntoView({ block: "end" });
  return line;
};

function showPassage({ title, passage, start, end }) {
  find("#passage-title").textContent = title;
  const marked = element("mark", {}, passage.slice(start, end));
  find("#passage blockquote").replaceChildren(passage.slice(0, start), marked, passage.slice(end));
  find("#passage").showModal();
}

/** Sentences, each behind it the numbers of its quotes. */
function answer({ sentences }) {
  const numbers = new Map();
  return sentences.map(({ text, verdict, citations }) => {
    const marks = citations.map((citation) => {
      const key = `${citation.title}\n${citation.quote}`;
      if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
      const number = numbers.get(key);
      const label = `Quote ${number}: ${citation.title}`;
      const mark = element("button", { class: "citation", title: citation.title, "aria-label": label }, `${number}`);
      mark.addEventListener("click", () => showPassage(citation));
      return mark;
    });
    return element("p", { class: verdict }, text, " ", ...marks);
  });
}

/** What one may do with an answer: say what one thinks of it, and take along what checks it. */
function actions({ id }) {
  const said = element("span", { role: "status" });
  const thumb = (verdict, name) => {
    const button = element("button", {}, name);
    button.addEventListener("click", async () => {
      const sent = await fetch("/feedback", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ answer: id, verdict }),
      }).catch(() => undefined);
      said.textContent = sent?.ok ? "Thank you." : "That was not kept. Please try again.";
    });
    return button;
  };
  return element(
    "p",
    { class: "actions" },
    thumb("right", "This helped"),
    thumb("wrong", "This is wrong"),
    element("a", { href: `/proof/${id}`, download: "answer.html" }, "Check this answer"),
    said,
  );
}

async function ask(question) {
  say("customer", question);
  const controller = new AbortController();
  running = controller;
  cancel.hidden = false;
  progress.textContent = "Looking …";
  try {
    const response = await fetch("/chat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ question, thread }),
      signal: controller.signal,
    });
    if (!response.ok) throw new Error(await response.text());
    for await (const { type, data } of readEvents(response)) {
      if (type === "query") progress.textContent = `Looking in ${data.source}: ${data.query}`;
      if (type === "done" && data.status !== "abstained") say("agent", ...answer(data), actions(data));
      if (type === "handed-over") {
        const promise = "I did not find that, so I have handed your question over to a colleague, who answers here.";
        say("agent handed-over", promise).dataset.handOver = data.id;
      }
      if (type === "failed") say("agent", data.message);
    }
  } catch (error) {
    if (controller.signal.aborted) say("note", "Cancelled.");
    else say("note", `There was no answer: ${error.message} Please ask again.`);
  } finally {
    running = undefined;
    cancel.hidden = true;
    progress.textContent = "";
  }
}

async function signIn() {
  running?.abort();
  replies?.close();
  talk.replaceChildren();
  await fetch("/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ customer: customer.value }),
  });
  thread = crypto.randomUUID();
  replies = new EventSource(`/replies?thread=${thread}`);
  replies.addEventListener("reply", ({ data }) => {
    const { question, reply } = JSON.parse(data);
    say("person", element("small", {}, `A colleague, on “${question}”`), element("p", {}, reply));
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = field.value.trim();
  if (question === "" || running !== undefined) return;
  field.value = "";
  void ask(question);
});
cancel.addEventListener("click", () => running?.abort());
customer.addEventListener("change", () => void signIn());
await signIn();
field.focus();
