// npm run studio:check: LangGraph's own development server, in memory, loads both graphs and runs a question through each.
// Not part of the tests: it fetches the server with npx.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

// any port that is free
const probe = createServer().listen(0, "127.0.0.1");
await once(probe, "listening");
const { port } = probe.address();
await new Promise((resolve) => probe.close(resolve));
const base = `http://127.0.0.1:${port}`;
const words = ["-y", "@langchain/langgraph-cli@1.5.1", "dev", "--no-browser", "--port", String(port)];
const cwd = fileURLToPath(new URL("..", import.meta.url));
const child = spawn("npx", words, { cwd, stdio: ["ignore", "pipe", "inherit"], detached: true });
let ended = false;
child.once("exit", () => {
  ended = true;
});
child.stdout.resume();

const ask = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
};

try {
  for (;;) {
    if (ended || performance.now() > 180_000) {
      throw new Error("The development server ended, or does not answer: run npm run studio to see why.");
    }
    const isUp = await fetch(`${base}/ok`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const found = (await ask("/assistants/search", {})).map(({ graph_id }) => graph_id).sort();
  if (found.join() !== "agent,researcher") throw new Error(`The graphs are ${found}, not agent and researcher.`);
  const input = { question: "Who directed the film Rosebud?", options: {} };
  const { answer } = await ask("/runs/wait", { assistant_id: "agent", input });
  const { report } = await ask("/runs/wait", { assistant_id: "researcher", input });
  for (const [name, text] of [
    ["agent", answer?.text],
    ["researcher", report?.markdown],
  ]) {
    if (!text?.includes("directed by Otto Preminger")) throw new Error(`The ${name} does not say who directed it.`);
    console.log(`${name}: ok`);
  }
} finally {
  if (!ended) process.kill(-child.pid, "SIGTERM");
}
