/** Where the reader is: `#/view/rest?parameters`. All that a view shows is in it, so that its address restores it. */

export type Changes = Record<string, string | string[] | null | undefined>;

function read(hash: string): { view: string; rest: string; params: URLSearchParams } {
  const [path = "", query = ""] = split(hash.replace(/^#\/?/, ""), "?");
  const [view = "", rest = ""] = split(path, "/");
  return { view, rest: decoded(rest), params: new URLSearchParams(query) };
}

function split(text: string, at: string): [string, string] {
  const i = text.indexOf(at);
  return i < 0 ? [text, ""] : [text.slice(0, i), text.slice(i + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class Place {
  #hash = $state(location.hash);
  #now = $derived(read(this.#hash));
  // of their own, so that a view stands while its parameters change
  #view = $derived(this.#now.view || "scorecard");
  #rest = $derived(this.#now.rest);

  constructor() {
    addEventListener("hashchange", () => (this.#hash = location.hash));
  }

  get view(): string {
    return this.#view;
  }
  get rest(): string {
    return this.#rest;
  }

  /** A parameter, or what stands for it where it is not said. */
  param(name: string, otherwise = ""): string {
    return this.#now.params.get(name) ?? otherwise;
  }

  /** The values of a parameter that may be said several times. */
  list(name: string): string[] {
    return this.#now.params.getAll(name);
  }

  /** The address of this view with some parameters changed. */
  href(changes: Changes = {}, rest = this.rest): string {
    return address(this.view, rest, changed(this.#now.params, changes));
  }

  /** The address of another view; the country goes with the reader. */
  to(view: string, rest = "", changes: Changes = {}): string {
    const kept = new URLSearchParams();
    const country = this.param("country");
    if (country) kept.set("country", country);
    return address(view, rest, changed(kept, changes));
  }

  /** Change parameters of this view. What is typed or dragged replaces the address, what is chosen adds one. */
  set(changes: Changes, replace = true): void {
    this.go(this.href(changes), replace);
  }

  go(href: string, replace = false): void {
    if (href === location.hash) return;
    if (replace) history.replaceState(null, "", href);
    else history.pushState(null, "", href);
    this.#hash = location.hash;
  }
}

function changed(params: URLSearchParams, changes: Changes): URLSearchParams {
  const out = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    out.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) if (one) out.append(name, one);
  }
  return out;
}

function address(view: string, rest: string, params: URLSearchParams): string {
  const query = params.toString();
  return `#/${view}${rest ? `/${encodeURIComponent(rest)}` : ""}${query ? `?${query}` : ""}`;
}

export const place = new Place();
