/** The report that the reader puts together: kept in the browser, and on its page in the address, which restores it. That
 * of an address that somebody else sent is changed there alone, until the reader keeps it. */
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
  /** Whether the report of the address is not the reader's own. */
  get sent(): boolean {
    return this.#said !== "" && JSON.stringify(this.#now) !== JSON.stringify(this.#own);
  }
  /** How many views the reader's own has. */
  get own(): number {
    return this.#own.views.length;
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
    if (!this.sent) this.#keep(report);
    if (place.view === "report") place.set({ report: JSON.stringify(report) });
  }

  /** Take the report of the address in the place of one's own. */
  take(): void {
    this.#keep(this.#now);
  }

  /** Leave the report of the address for one's own. */
  leave(): void {
    place.set({ report: JSON.stringify(this.#own) }, false);
  }

  #keep(report: Report): void {
    this.#own = report;
    keep("report", JSON.stringify(report));
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
