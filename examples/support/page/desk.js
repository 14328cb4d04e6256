const waiting = document.querySelector("#waiting");

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function entry({ id, customer, question, why, found, reply }) {
  const form = element(
    "form",
    {},
    element("input", { name: "text", "aria-label": `Reply to ${customer}`, required: "" }),
    element("button", { type: "submit" }, "Reply"),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = await fetch(`/handovers/${id}/reply`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: new FormData(form).get("text") }),
    });
    if (!sent.ok) form.append(element("p", { role: "alert" }, await sent.text()));
    else await show();
  });
  return element(
    "li",
    {},
    element("h2", {}, question),
    element("small", {}, customer),
    element("ul", { class: "why" }, ...why.map((one) => element("li", {}, one))),
    ...found.map(({ title, text }) =>
      element("details", {}, element("summary", {}, `Nearest: ${title}`), element("p", {}, text)),
    ),
    reply === undefined ? form : element("p", { class: "person" }, reply),
  );
}

async function show() {
  const all = await (await fetch("/handovers")).json();
  document.querySelector("#empty").hidden = all.length > 0;
  waiting.replaceChildren(...all.map(entry));
}

await show();
