import type { JsonValue } from "../json.js";
import type { BudgetLimit } from "../run/budget.js";

/** What came of asking a chat model. */
export type ModelReply =
  | {
      readonly kind: "reply";
      readonly text: string;
      /** Arguments of the tool call; absent where a cut left them incomplete. */
      readonly args?: JsonValue | undefined;
      /** What cut it short of its end: the provider's word, such as `length`, or the limit set here. Absent: nothing. */
      readonly cut?: string | undefined;
    }
  /** Nothing was sent: the budget leaves no room, or the model's `context` takes no more. */
  | { readonly kind: "refused"; readonly limits: readonly (BudgetLimit | "context")[] }
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** True where asking in another form would not help: the service is down, or the model refuses. */
      readonly hopeless?: boolean | undefined;
      /** What the last attempt rejected with. */
      readonly cause?: unknown;
    };
