import { crc32 } from "node:zlib";
import type { Dialect } from "./dialect.js";
import { openAIDialect } from "./openai-dialect.js";

const path = /^\/endpoints\/[^/]+\/invocations(-response-stream)?$/;

/**
 * A container with a Messages body behind SageMaker: streams are parts of an AWS event stream.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function sagemakerDialect(): Dialect {
  const inner = openAIDialect({ chat: path, completions: /^$/ });
  return {
    ...inner,
    contentType: "application/vnd.amazon.eventstream",
    understand: (where, body) => {
      const call = inner.understand(where, body);
      return call === undefined ? undefined : { ...call, streamed: where.endsWith("-response-stream") };
    },
    encode: (text) => {
      // frames end where it happens: in the middle of events and of characters
      const bytes = Buffer.from(text);
      const half = Math.floor(bytes.length / 2);
      return Buffer.concat([payloadPart(bytes.subarray(0, half)), payloadPart(bytes.subarray(half))]);
    },
    refusal: (_, message) => ({ message, Message: message, OriginalMessage: message }),
  };
}

/** One frame: lengths and their checksum, headers, a part of the body, the checksum of all. */
function payloadPart(body: Buffer): Buffer {
  const headers = Buffer.concat([
    header(":message-type", "event"),
    header(":event-type", "PayloadPart"),
    header(":content-type", "application/octet-stream"),
  ]);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const start = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([start, checksum(start)]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  // 7 is the type of a text
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
