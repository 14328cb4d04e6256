/** The fields in which LangChain's chat models keep the limit of their answers, in tokens. */
const limitFields = ["maxTokens", "maxOutputTokens", "numPredict"] as const;

/** A chat model for one request. */
export interface LimitedModel<M> {
  readonly model: M;
  /** Whether the model's class has a field for the limit, and so sends it. */
  readonly sendsLimit: boolean;
  /** Repetitions that the model was told to make by itself; undefined where it does not say. */
  readonly maxRetries: number | undefined;
}

/**
 * A view of a chat model that sends a lower limit with its requests and repeats none of them by itself: what it spends
 * is what is asked for. LangChain has no call option for either that all classes take, so the view inherits from the
 * model and overrides the fields that its methods read; the model itself is not changed, its client is shared. Models
 * inside (bound options, the two APIs of `ChatOpenAI`) are viewed likewise.
 *
 * @param maxTokens most tokens of the answer; a lower limit that the model has of its own stands
 */
export function limitedModel<M extends object>(model: M, maxTokens: number): LimitedModel<M> {
  const fields = model as Record<string, unknown>;
  const own: PropertyDescriptorMap = {};
  const set = (name: string, value: unknown): void => {
    own[name] = { value, writable: true, enumerable: true, configurable: true };
  };
  let sendsLimit = false;
  for (const field of limitFields) {
    if (!(field in fields)) continue;
    const limit = fields[field];
    set(field, typeof limit === "number" && limit > 0 ? Math.min(limit, maxTokens) : maxTokens);
    sendsLimit = true;
  }
  const { caller } = fields;
  let maxRetries: number | undefined;
  if (isObject(caller) && typeof caller.maxRetries === "number") {
    maxRetries = caller.maxRetries;
    set("caller", Object.create(caller, { maxRetries: { value: 0 } }));
  }
  // some classes make a caller for each request, of this field
  if ("maxRetries" in fields) {
    maxRetries ??= typeof fields.maxRetries === "number" ? fields.maxRetries : undefined;
    set("maxRetries", 0);
  }
  for (const [name, inner] of Object.entries(fields)) {
    if (!isObject(inner) || !(name === "bound" || typeof inner._llmType === "function")) continue;
    const viewed = limitedModel(inner, maxTokens);
    set(name, viewed.model);
    sendsLimit ||= viewed.sendsLimit;
    maxRetries ??= viewed.maxRetries;
  }
  return { model: Object.create(model, own) as M, sendsLimit, maxRetries };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
