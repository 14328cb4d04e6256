import { type ModelServer, type StartModelServerOptions, startModelServer } from "./model-server.js";
import { protocolOf, type ServedModelFacts, type TestProtocol } from "./protocols.js";

/** Options of {@link testModelServer}. */
export interface TestModelServerOptions extends ServedModelFacts, Pick<StartModelServerOptions, "answer" | "port"> {
  /** @default "openai-compatible" */
  readonly protocol?: TestProtocol | undefined;
}

/**
 * A server on the loopback that speaks the protocol of a kind of endpoint, for tests and examples without a model: what
 * its model says is a function of what it is asked. Whoever starts it closes it.
 */
export const testModelServer = ({
  protocol = "openai-compatible",
  answer,
  port,
  ...facts
}: TestModelServerOptions = {}): Promise<ModelServer> =>
  startModelServer({ ...protocolOf(protocol, facts), answer, port });
