import type { AccessLists, Filter, PassageId, Scope } from "@clew/core";
import { checkFilter, scopeKey } from "@clew/core";
import { LinkGraph } from "../links/link-graph.js";
import type { SegmentNames } from "../links/segment-names.js";
import { matchingRows, type Selection, type VisibleRows, visibleRows } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { Bm25, type Bm25Options } from "./bm25.js";
import type { RowPlace } from "./row-place.js";

const filtersKept = 32;
const viewsKept = 16;

/** One generation as one asker sees it, with what was worked out for earlier searches. */
export class ViewState {
  readonly visible: VisibleRows;
  readonly bm25: Bm25;
  readonly #selections = new Map<string, Selection>();
  #places: Map<PassageId, RowPlace> | undefined;
  #links: LinkGraph | undefined;

  constructor(
    readonly state: TenantState,
    scope: Scope,
    accessLists: AccessLists,
    options: Bm25Options,
  ) {
    this.visible = visibleRows(state, scope, accessLists);
    this.bm25 = new Bm25(state, this.visible, options);
  }

  /** The visible rows that match. @throws ClewError `invalid-filter` */
  matching(filter: Filter | undefined): Selection {
    if (filter === undefined) return this.visible;
    const key = JSON.stringify(checkFilter(filter));
    let selection = this.#selections.get(key);
    if (selection === undefined) {
      selection = matchingRows(this.state, this.visible, filter);
      if (this.#selections.size >= filtersKept) this.#selections.delete(this.#selections.keys().next().value ?? "");
      this.#selections.set(key, selection);
    }
    return selection;
  }

  /** Where a visible passage is. */
  place(id: PassageId): RowPlace | undefined {
    if (this.#places === undefined) {
      this.#places = new Map();
      for (const [segment, mask] of this.visible.masks.entries()) {
        const { ids } = this.state.segments[segment]!.segment;
        for (let row = 0; row < mask.length; row++) if (mask[row] === 1) this.#places.set(ids[row]!, { segment, row });
      }
    }
    return this.#places.get(id);
  }

  /** The link graph over the visible rows. */
  links(names: readonly SegmentNames[]): LinkGraph {
    this.#links ??= new LinkGraph(this, names);
    return this.#links;
  }
}

/** Keeps the views of a tenant's newest generation. */
export class ViewStates {
  #state: TenantState | undefined;
  readonly #views = new Map<string, ViewState>();

  constructor(
    private readonly accessLists: AccessLists,
    private readonly options: Bm25Options,
  ) {}

  clear(): void {
    this.#state = undefined;
    this.#views.clear();
  }

  of(state: TenantState, scope: Scope): ViewState {
    if (this.#state !== state) {
      this.#state = state;
      this.#views.clear();
    }
    const key = scopeKey(scope);
    let view = this.#views.get(key);
    if (view === undefined) {
      view = new ViewState(state, scope, this.accessLists, this.options);
      if (this.#views.size >= viewsKept) this.#views.delete(this.#views.keys().next().value ?? "");
      this.#views.set(key, view);
    }
    return view;
  }
}
