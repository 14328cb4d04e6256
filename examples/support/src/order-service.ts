import { readFile } from "node:fs/promises";
import { Hono } from "hono";

/** The shop's order service, as this example has one: read-only, from a file. Yours stands in its place. */
export async function orderService(file: string): Promise<Hono> {
  const all: readonly { readonly customer: string }[] = JSON.parse(await readFile(file, "utf8"));
  return new Hono().get("/customers/:customer/orders", (context) =>
    context.json(all.filter(({ customer }) => customer === context.req.param("customer"))),
  );
}
