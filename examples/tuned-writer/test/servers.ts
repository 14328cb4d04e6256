import { endpoint, houseForm, quoteTagForm } from "clew";

const close = async (): Promise<void> => undefined;

export function vllm() {
  const base = endpoint({ kind: "vllm", baseURL: "http://gpu:8000/v1", model: "meta-llama/Llama-3.1-8B-Instruct" });
  const tuned = endpoint({ kind: "vllm", baseURL: "http://gpu:8000/v1", model: "quote-writer", temperature: 0 });
  return { base, tuned, form: quoteTagForm(), close };
}

export function tgi() {
  const base = endpoint({ kind: "tgi", baseURL: "http://gpu:8080" });
  const tuned = endpoint({ kind: "tgi", baseURL: "http://gpu:8080", model: "quote-writer", temperature: 0 });
  return { base, tuned, form: quoteTagForm(), close };
}

export function sagemaker() {
  const base = endpoint({ kind: "sagemaker", endpoint: "my-endpoint", region: "eu-west-1" });
  const tuned = endpoint({ kind: "sagemaker", endpoint: "my-endpoint", region: "eu-west-1", adapter: "quote-writer" });
  return { base, tuned, form: quoteTagForm(), close };
}

export function azure() {
  const resource = "https://NAME.openai.azure.com";
  const base = endpoint({ kind: "azure", baseURL: resource, deployment: "gpt-4.1-mini" });
  const tuned = endpoint({ kind: "azure", baseURL: resource, deployment: "quote-writer", temperature: 0 });
  return { base, tuned, form: quoteTagForm(), close };
}

export function openai() {
  const base = endpoint({ kind: "openai", model: "gpt-4.1-mini" });
  const tuned = endpoint({ kind: "openai", model: "ft:gpt-4.1-mini-2025-04-14:acme::x1", temperature: 0 });
  return { base, tuned, form: houseForm(), close };
}
