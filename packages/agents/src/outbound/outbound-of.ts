import { ClewError, checkKeys, invalidOption, isRemoteModel, type Outbound } from "@clew/core";
import { heirs, type Models, modelRoles, sourceOf } from "../models.js";

/** What may leave this machine. */
export interface OutboundOptions {
  /**
   * Roles that may send texts to another machine: those of models (`router`, `planner`, `grader`, `writer`, `judge`, …),
   * `embedder`, `reranker`, and `search` for live sources. `repair` goes with `writer`, `outliner` with `planner`. Empty: nothing leaves. @default all
   */
  roles?: readonly string[] | undefined;
  /** Names or addresses of hosts that count as this machine, without a port. Private networks do not by themselves. @default none */
  localHosts?: readonly string[] | undefined;
}

/**
 * Checks what may leave this machine.
 *
 * @throws ClewError `invalid-option`
 */
export function outboundOf(options: OutboundOptions = {}): Outbound {
  checkKeys("outbound", options, ["roles", "localHosts"]);
  const { roles, localHosts = [] } = options;
  if (roles !== undefined && !isNames(roles)) throw invalidOption("outbound.roles", "a list of roles", roles);
  if (!isNames(localHosts)) throw invalidOption("outbound.localHosts", "a list of hosts", localHosts);
  const allowed = roles === undefined ? undefined : new Set(roles);
  return Object.freeze({
    allows: (role: string) => allowed === undefined || allowed.has(role) || allowed.has(heirs[role] ?? role),
    localHosts: Object.freeze([...localHosts]),
  });
}

/**
 * Refuses models that are known before any call for roles that may not use them. Sources that choose at each call are
 * looked at then.
 *
 * @throws ClewError `outbound-refused`
 */
export function checkOutbound(
  { allows, localHosts }: Outbound,
  models: Models,
  names: (role: string) => boolean,
): void {
  for (const role of modelRoles) {
    // nobody gets a judge unasked
    if (allows(role) || (role === "judge" && !names(role))) continue;
    const { model, remote } = sourceOf(models, role) ?? {};
    if (model === undefined) continue;
    if (remote ?? (typeof model !== "function" && isRemoteModel(model, localHosts))) {
      throw new ClewError(
        "outbound-refused",
        `The model for the role "${role}" is on another machine, and outbound.roles does not name it: give models.${role} one on this machine, say { model, remote: false } of one that is, or allow it.`,
      );
    }
  }
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string" && one.trim() !== "");
