/** The report that the reader puts together: kept in the browser, and on its page in the address, which restores it. */
import { place } from "./place.svelte";
import { keep, kept } from "./settings.svelte";

export interface View {
  exhibit?: string;
  verb?: string;
  params?: Record<string, unknown>;
  figure?: string;
  title?: string;
}

export interface Report {
  title: string;
  views: View[];
}

const MOST = 26;

class Draft {
  #own = $state.raw<Report>(read(kept("report") ?? ""));
  #said = $derived(place.view === "report" ? place.param("report") : "");
  #now = $derived(this.#said ? read(this.#said) : this.#own);

  get now(): Report {
    return this.#now;
  }
  get full(): boolean {
    return this.#now.views.length >= MOST;
  }

  has(view: View): boolean {
    return this.#now.views.some((v) => same(v, view));
  }

  add(view: View): void {
    if (!this.has(view) && !this.full) this.set({ ...this.#now, views: [...this.#now.views, view] });
  }

  /** Change a view, or leave it out where nothing takes its place. */
  change(at: number, to: View | null): void {
    this.set({ ...this.#now, views: this.#now.views.flatMap((v, i) => (i !== at ? [v] : to ? [to] : [])) });
  }

  move(from: number, to: number): void {
    const views = [...this.#now.views];
    const [one] = views.splice(from, 1);
    if (one) views.splice(to, 0, one);
    this.set({ ...this.#now, views });
  }

  set(report: Report): void {
    this.#own = report;
    keep("report", JSON.stringify(report));
    if (place.view === "report") place.set({ report: JSON.stringify(report) });
  }
}

function same(a: View, b: View): boolean {
  const key = (v: View): string => JSON.stringify([v.exhibit ?? "", v.verb ?? "", v.params ?? {}, v.figure ?? ""]);
  return key(a) === key(b);
}

/** A report out of a text that anybody may have written; what is none of it is left out, the server judges the rest. */
function read(text: string): Report {
  try {
    const said = JSON.parse(text) as Partial<Report> | null;
    const views = Array.isArray(said?.views) ? said.views.filter((v) => v !== null && typeof v === "object") : [];
    return { title: typeof said?.title === "string" ? said.title : "", views: views.slice(0, MOST) };
  } catch {
    return { title: "", views: [] };
  }
}

export const draft = new Draft();
