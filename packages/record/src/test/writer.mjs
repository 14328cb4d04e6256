// writes traces until it is killed, or as many as it is told; prints each once it is written
import { fileTraces } from "@clew/record";
import { asker, aTrace } from "./a-trace.mjs";

const [dir, name, most = "100000", what = "write"] = process.argv.slice(2);
const store = fileTraces(dir);
for (let index = 0; index < Number(most); index++) {
  try {
    if (what === "feedback") {
      await store.feedback(asker, "shared", { verdict: "right", correction: `${name} ${index}`, consent: "record" });
    } else if (what === "erase") await store.erase(asker, { source: "s1", passages: [] });
    else await store.write(asker, aTrace(what === "same" ? `run ${index}` : `${name} ${index}`));
    console.log(`${name} ${index}`);
  } catch (error) {
    console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause?.code }));
  }
}
