import { type EndpointModel, endpoint, quoteTagForm, type WriterForm } from "clew";
import { practiceServer } from "./practice-server.js";

/** The models of this starter. */
export interface Models {
  /** Plans, grades, and stands behind the tuned one. */
  readonly base: EndpointModel;
  /** Writes the answers. */
  readonly tuned: EndpointModel;
  /** The prompt and the shape of answers that it was trained on. */
  readonly form: WriterForm;
  close(): Promise<void>;
}

/** The one function to change: README.md has its lines for vLLM, TGI, SageMaker, Azure and OpenAI. */
export async function models(): Promise<Models> {
  const practice = await practiceServer(); // plays a base model and its LoRA adapter, on the loopback
  const base = endpoint({ kind: "vllm", baseURL: practice.baseURL, model: "base-model" });
  const tuned = endpoint({ kind: "vllm", baseURL: practice.baseURL, model: "quote-writer", temperature: 0 });
  return { base, tuned, form: quoteTagForm(), close: practice.close };
}
