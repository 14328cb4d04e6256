/** Where LangChain's classes keep the address that they speak to. */
const addressFields = [
  ["endpoint", "baseURL"],
  ["clientConfig", "baseURL"],
  ["clientOptions", "baseURL"],
  ["baseURL"],
  ["baseUrl"],
  ["apiUrl"],
  ["azureOpenAIEndpoint"],
  ["azureOpenAIBasePath"],
] as const;

/** Fields that name a server without its address. */
const remoteFields = ["azureOpenAIApiInstanceName"] as const;

/** What runs in this process, by `_llmType()` of chat models and by the class of embeddings. */
const inProcess: ReadonlySet<string> = new Set([
  "llama_cpp",
  "scripted",
  "fake",
  "fake-list",
  "fake_model",
  "LlamaCppEmbeddings",
  "HuggingFaceTransformersEmbeddings",
  "FakeEmbeddings",
  "SyntheticEmbeddings",
]);

/**
 * Whether asking a chat model or embeddings sends texts to another machine. A model that says so itself (`remote`) is
 * believed; one whose addresses are all on this machine is not remote; of one that asks others (bound options, fallbacks),
 * any decides. What nothing is known of is remote.
 */
export function isRemoteModel(model: unknown, localHosts: readonly string[] = []): boolean {
  const fields = fieldsOf(model);
  if (typeof fields.remote === "boolean") return fields.remote;
  const inner = [
    ...(isObject(fields.bound) ? [fields.bound] : []),
    ...(Array.isArray(fields.fallbacks) ? [fields.runnable, ...fields.fallbacks] : []),
  ];
  if (inner.length > 0) return inner.some((one) => isRemoteModel(one, localHosts));
  if (remoteFields.some((name) => typeof fields[name] === "string")) return true;
  const addresses = addressesOf(model);
  if (addresses.length > 0) return addresses.some((address) => isRemoteAddress(address, localHosts));
  return !inProcess.has(typeOf(model));
}

/** Addresses that a model speaks to, as far as its class is known. */
export function addressesOf(model: unknown): string[] {
  return addressFields.flatMap((path) => {
    const value = path.reduce<unknown>((at, name) => fieldsOf(at)[name], model);
    return typeof value === "string" && value !== "" ? [value] : [];
  });
}

/**
 * Whether an address is on another machine: all that is no loopback address, no Unix socket and none of the hosts given.
 * Private networks are other machines.
 *
 * @param localHosts names or addresses, without a port: `gpu.internal`, `10.0.0.7`
 */
export function isRemoteAddress(address: string, localHosts: readonly string[] = []): boolean {
  if (/^(?:unix|http\+unix|https\+unix):/i.test(address) || address.startsWith("/")) return false;
  const host = hostOf(address);
  if (host === undefined) return true;
  if (host === "localhost" || host.endsWith(".localhost")) return false;
  if (/^127\.\d+\.\d+\.\d+$/.test(host) || host === "0.0.0.0") return false;
  if (host === "[::1]" || host === "[::]" || /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(host)) return false;
  return !localHosts.some((one) => hostOf(`http://${one}`) === host || hostOf(`http://[${one}]`) === host);
}

/** The host as a URL has it: in small letters, numbers in their usual form. */
function hostOf(address: string): string | undefined {
  try {
    const { hostname } = new URL(address);
    return hostname === "" ? undefined : hostname.replace(/\.$/, "");
  } catch {
    // no address: nothing is known of where it leads
    return undefined;
  }
}

function typeOf(model: unknown): string {
  const { _llmType } = fieldsOf(model);
  if (typeof _llmType === "function") return String(_llmType.call(model));
  return isObject(model) ? model.constructor.name : "";
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const fieldsOf = (value: unknown): Record<string, unknown> =>
  isObject(value) || typeof value === "function" ? (value as unknown as Record<string, unknown>) : {};
