import { describe, expect, it } from "vitest";
import type { Reader, ReaderInput } from "../source/reader.js";
import { expectSourceText } from "./expect-source-text.js";

/** A file that a reader can read. */
export interface ReaderSample {
  /** File name; decides nothing but a fallback title. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Texts that its source text holds, in this order. */
  readonly contains: readonly string[];
  /** Number of pages. @default not looked at */
  readonly pages?: number | undefined;
}

/** A file that no reader can read. */
export interface BrokenSample {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** @default the reader's first media type */
  readonly mediaType?: string | undefined;
}

/** Options of {@link testReader}. */
export interface TestReaderOptions {
  reader: Reader;
  samples: readonly ReaderSample[];
  broken: readonly BrokenSample[];
}

const gone = new Error("the caller has gone");

/** The contract of a {@link Reader}, as tests: a read source text can be trusted, a broken file is a typed error. */
export function testReader({ reader, samples, broken }: TestReaderOptions): void {
  const inputOf = ({ name, bytes, mediaType = reader.mediaTypes[0]! }: BrokenSample): ReaderInput => ({
    id: `folder/${name}`,
    bytes,
    name,
    mediaType,
    uri: `file:///folder/${name}`,
    version: "v1",
    metadata: { year: 2023 },
    access: ["amy"],
  });

  describe(`reader contract: ${reader.id}`, () => {
    it("says what it reads, and in which version", () => {
      expect(reader.id).toMatch(/^[^@\s]+@[^@\s]+$/);
      expect(reader.mediaTypes.length).toBeGreaterThan(0);
      for (const type of reader.mediaTypes) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
      for (const extension of reader.extensions) expect(extension).toMatch(/^\.[a-z0-9.]+$/);
    });

    describe.each(samples)("$name", (sample) => {
      it("is read as it is, with true offsets", async () => {
        const input = inputOf(sample);
        const bytes = input.bytes.slice();
        const { text, notes } = await reader.read(input);
        expect(input.bytes).toEqual(bytes);
        expectSourceText(text);
        const { id, uri, version, metadata, access, title } = text.source;
        expect({ id, uri, version, access }).toEqual({ id: input.id, uri: input.uri, version: "v1", access: ["amy"] });
        expect(metadata).toMatchObject({ year: 2023 });
        expect(typeof title).toBe("string");
        let from = 0;
        for (const part of sample.contains) {
          const at = text.text.indexOf(part, from);
          expect(at, `"${part}" after offset ${from}`).toBeGreaterThanOrEqual(0);
          from = at + part.length;
        }
        if (sample.pages !== undefined) expect(text.pages).toHaveLength(sample.pages);
        for (const { code, message } of notes) expect([code, message]).not.toContain("");
      });

      it("is read the same twice", async () => {
        expect(await reader.read(inputOf(sample))).toEqual(await reader.read(inputOf(sample)));
      });

      it("is not read when the signal is aborted", async () => {
        await expect(reader.read(inputOf(sample), { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
      });
    });

    it.each(broken)("$name is refused with a reason", async (sample) => {
      const failure = await reader.read(inputOf(sample)).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "unreadable-source" });
      expect((failure as Error).message.length).toBeGreaterThan(10);
    });
  });
}
