import { fixedRuntime } from "@clew/core/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { live } from "./live.js";

const runtime = fixedRuntime();

describe("an SQL query", () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await database.exec(`
      create table orders (id int primary key, customer text, placed date, total numeric, note text);
      insert into orders values
        (1, 'Ada', '2023-05-04', 12.50, 'A ball of red thread.'),
        (2, 'Bob', '2022-01-02', 80.00, 'Bread and an oven.'),
        (3, 'Ada', '2021-07-08', 7.25, 'Thread, again, and a needle.');`);
    // a database that is compiled at its start
  }, 180_000);
  afterAll(() => database.close());

  it("is a retriever whose rows can be quoted and filtered", async () => {
    const orders = live(
      async (query, { k }) => {
        const words = query.toLowerCase().match(/[a-z]+/g) ?? [];
        const { rows } = await database.query<Record<string, unknown>>(
          `select * from orders where to_tsvector('english', note) @@ to_tsquery('english', $1) order by id limit $2`,
          [words.join(" | "), k],
        );
        return rows;
      },
      { name: "orders", runtime },
    );
    const { hits } = await orders.search("thread");
    expect(hits.map(({ passage }) => passage.metadata.id)).toEqual([1, 3]);
    expect(hits[0]!.passage.text).toBe(
      "id: 1\ncustomer: Ada\nplaced: 2023-05-04T00:00:00.000Z\ntotal: 12.50\nnote: A ball of red thread.",
    );
    const recent = await orders.search("thread", { filter: { placed: { $gte: "2023-01-01" } } });
    expect(recent.hits.map(({ passage }) => passage.metadata.id)).toEqual([1]);
    await database.exec("begin; drop table orders");
    await expect(orders.search("thread")).rejects.toMatchObject({ code: "retriever-failed" });
    await database.exec("rollback");
  });
});
