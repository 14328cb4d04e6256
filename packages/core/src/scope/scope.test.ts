import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isVisible } from "./is-visible.js";
import { scope } from "./scope.js";
import { scopeKey } from "./scope-key.js";

const isPlain = (text: string): boolean => [...text].every((letter) => letter >= " " && letter !== "\u007f");
const name = fc.string({ minLength: 1, maxLength: 8 }).filter(isPlain);

describe("scope", () => {
  it("sorts principals, each once, and cannot be changed", () => {
    const made = scope("acme", { principals: ["bob", "amy", "bob"] });
    expect(made).toEqual({ tenant: "acme", principals: ["amy", "bob"] });
    expect(Object.isFrozen(made) && Object.isFrozen(made.principals)).toBe(true);
    expect("principals" in scope("acme")).toBe(false);
    expect(scope("acme", { principals: [] }).principals).toEqual([]);
  });

  it.each(["", "a\nb", "a\u0000", "x".repeat(513), undefined, 5])("refuses the tenant %j", (tenant) => {
    expect(() => scope(tenant as string)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });

  it.each([["amy", ""], [5], "amy", [null]])("refuses the principals %j", (...principals) => {
    const given = principals.length === 1 && principals[0] === "amy" ? "amy" : principals;
    expect(() => scope("acme", { principals: given as string[] })).toThrow(/principals/);
  });
});

describe("isVisible", () => {
  const [amy, none, nobody] = [
    scope("a", { principals: ["amy", "staff"] }),
    scope("a"),
    scope("a", { principals: [] }),
  ];

  it.each([
    [undefined, amy, true, false],
    [undefined, none, true, false],
    [[], amy, false, false],
    [["staff"], amy, true, true],
    [["bob"], amy, false, false],
    [["amy"], none, false, false],
    [["amy"], nobody, false, false],
  ])("list %j: optional %#", (access, asker, optional, required) => {
    expect(isVisible(access, asker)).toBe(optional);
    expect(isVisible(access, asker, "optional")).toBe(optional);
    expect(isVisible(access, asker, "required")).toBe(required);
  });
});

describe("scopeKey", () => {
  it("is equal exactly for equal scopes (property)", () => {
    const scopes = fc
      .tuple(name, fc.option(fc.array(name, { maxLength: 3 })))
      .map(([tenant, principals]) => scope(tenant, { principals: principals ?? undefined }));
    fc.assert(
      fc.property(scopes, scopes, (a, b) => {
        const same = a.tenant === b.tenant && JSON.stringify(a.principals) === JSON.stringify(b.principals);
        expect(scopeKey(a) === scopeKey(b)).toBe(same);
      }),
    );
    expect(scopeKey(scope("a"))).not.toBe(scopeKey(scope("a", { principals: [] })));
    expect(scopeKey(scope("a", { principals: ["b", "c"] }))).toBe(
      scopeKey(scope("a", { principals: ["c", "b", "c"] })),
    );
  });
});
