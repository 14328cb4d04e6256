import { EventStreamCodec } from "@smithy/eventstream-codec";

const codec = new EventStreamCodec(
  (bytes) => new TextDecoder().decode(bytes as Uint8Array),
  (text) => new TextEncoder().encode(text),
);
const text = (value: string): { type: "string"; value: string } => ({ type: "string", value });

/** A frame of an AWS event stream, with its checksums, that holds a part of a payload. */
export const payloadPart = (bytes: Uint8Array | string): Uint8Array =>
  codec.encode({
    headers: {
      ":message-type": text("event"),
      ":event-type": text("PayloadPart"),
      ":content-type": text("application/octet-stream"),
    },
    body: typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
  });

/** A frame that reports a failure in mid-stream. */
export const exceptionFrame = (name: "ModelStreamError" | "InternalStreamFailure", body: object): Uint8Array =>
  codec.encode({
    headers: {
      ":message-type": text("exception"),
      ":exception-type": text(name),
      ":content-type": text("application/json"),
    },
    body: new TextEncoder().encode(JSON.stringify(body)),
  });
