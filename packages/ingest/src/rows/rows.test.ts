import type { SourceInput } from "@clew/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type RowsOptions, rows } from "./rows.js";

async function all<R extends Record<string, unknown>>(
  from: Iterable<R> | AsyncIterable<R>,
  options: RowsOptions<R>,
): Promise<SourceInput[]> {
  const found: SourceInput[] = [];
  for await (const input of rows(from, options)) found.push(input);
  return found;
}
const textOf = async (input: SourceInput | undefined) => {
  if (input === undefined || !("read" in input)) throw new Error(JSON.stringify(input));
  return (await input.read({})).text;
};
const versionOf = (input: SourceInput | undefined) =>
  input !== undefined && "version" in input ? input.version : undefined;

describe("rows", () => {
  const row = {
    id: 7,
    name: "Ada",
    bio: "b".repeat(300),
    born: new Date(0),
    score: 0,
    active: false,
    blob: new Uint8Array(2),
  };

  it("makes one source of a row, all columns as lines, the flat ones as metadata", async () => {
    const [input] = await all([row], { id: "id", prefix: "people/" });
    expect(input?.id).toBe("people/7");
    const text = await textOf(input);
    expect(text.text).toBe(
      `name: Ada\nbio: ${"b".repeat(300)}\nborn: 1970-01-01T00:00:00.000Z\nscore: 0\nactive: false`,
    );
    expect(text.source).toMatchObject({
      id: "people/7",
      title: "people/7",
      metadata: { name: "Ada", born: "1970-01-01T00:00:00.000Z", score: 0, active: false },
    });
    expect(text.source.metadata).not.toHaveProperty("bio");
    expect(text.source.version).toBe(versionOf(input));
  });

  it("takes columns by name or function", async () => {
    const [input] = await all([row], {
      id: (one) => `p${one.id}`,
      text: "bio",
      title: "name",
      metadata: ["score"],
      access: () => ["hr"],
      uri: (one) => `https://x.org/${one.id}`,
      version: "born",
    });
    const text = await textOf(input);
    expect(text.text).toBe("b".repeat(300));
    expect(text.source).toMatchObject({ title: "Ada", metadata: { score: 0 }, access: ["hr"], uri: "https://x.org/7" });
    expect(text.source.version).toBe("rows@1:1970-01-01T00:00:00.000Z");
    expectTypeOf<RowsOptions<typeof row>["title"]>().not.toEqualTypeOf<string>();
  });

  it("has a new version when what is kept changes, its metadata and access list included, and no other", async () => {
    const version = async (change: Partial<typeof row>, access?: string[]) =>
      versionOf(
        (await all([{ ...row, ...change }], { id: "id", text: "name", metadata: ["score"], access: () => access }))[0],
      );
    const before = await version({});
    expect(await version({ bio: "other" })).toBe(before);
    expect(await version({ name: "Bob" })).not.toBe(before);
    expect(await version({ score: 1 })).not.toBe(before);
    expect(await version({}, [])).not.toBe(before);
  });

  it("yields a row that cannot be used as failed, and goes on", async () => {
    const found = await all<Record<string, unknown>>(
      [
        { id: null, t: "x" },
        { id: 1, t: "" },
        { id: 2, t: "ok" },
        { id: 2, t: "twice" },
        { id: 3, t: "y", m: {} },
      ],
      { id: "id", text: "t", metadata: ["m"] },
    );
    expect(found.map(({ id }) => id)).toEqual(["row 1", "1", "2", "2", "3"]);
    expect(found.map((input) => ("failed" in input ? input.failed.message : "read"))).toEqual([
      expect.stringMatching(/Row 1 cannot be used: its id is no text or number/),
      expect.stringMatching(/Row 2 \(1\).*no text/),
      "read",
      expect.stringMatching(/met before/),
      expect.stringMatching(/column m is no flat value/),
    ]);
  });

  it("never takes a missing access list for everybody", async () => {
    const found = await all<Record<string, unknown>>(
      [
        { id: 1, t: "x", acl: null },
        { id: 2, t: "x" },
        { id: 3, t: "x", acl: [] },
      ],
      {
        id: "id",
        text: "t",
        access: "acl",
      },
    );
    expect(found.map((input) => "failed" in input)).toEqual([true, true, false]);
    expect((await textOf(found[2])).source.access).toEqual([]);
  });

  it("passes on an error of the cursor, and stops when aborted", async () => {
    async function* cursor() {
      yield { id: 1, t: "x" };
      throw new Error("connection lost");
    }
    await expect(all(cursor(), { id: "id" })).rejects.toThrow("connection lost");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(all([{ id: 1, t: "x" }], { id: "id", signal })).rejects.toThrow("enough");
  });

  it("D2: keeps rows of equal text apart", async () => {
    const found = await all(
      [
        { id: "a", t: "same" },
        { id: "b", t: "same" },
      ],
      { id: "id", text: "t" },
    );
    expect(found.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});
