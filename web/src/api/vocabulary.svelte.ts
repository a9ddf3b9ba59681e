/** Countries, groups, industries and plans by code, in the reader's language. */
import { place } from "../state/place.svelte";
import { settings } from "../state/settings.svelte";
import { get } from "./client";
import type { About, Coded, Vocabulary } from "./types";

class Known {
  #said = $state.raw<Vocabulary | undefined>();
  about = $state.raw<About | undefined>();
  #names = $derived(new Map(this.#all().map((c) => [c.code, c])));

  async load(): Promise<void> {
    const [said, about] = await Promise.all([get("vocabulary", {}), get("meta", {})]);
    this.#said = said;
    this.about = about;
  }

  /** Those that a table has values of, and the one that the reader looks at. */
  get countries(): Coded[] {
    return this.#said?.countries.filter((c) => c.held || c.code === this.country) ?? [];
  }
  get groups(): Coded[] {
    return this.#said?.groups ?? [];
  }
  get sectors(): Coded[] {
    return this.#said?.sectors ?? [];
  }
  get plans(): Coded[] {
    return this.#said?.plans ?? [];
  }
  get indicators(): Coded[] {
    return this.#said?.indicators ?? [];
  }
  get bases(): Coded[] {
    return this.#said?.bases ?? [];
  }
  get presets(): Coded[] {
    return this.#said?.presets ?? [];
  }

  /** The country that the reader looks at; the one of most targets where none is chosen. */
  get country(): string {
    return place.param("country") || (this.about?.country ?? "");
  }

  /** Whether the server can be asked this. */
  can(path: string): boolean {
    return this.about?.verbs.some((v) => v.path === path) ?? false;
  }

  /** A code in words: `CHN:C26` is an industry of a country. */
  name(code: string): string {
    const [land = "", sector = ""] = code.split(":");
    const where = this.#name(land);
    if (!sector || sector === "TOTAL") return where;
    return settings.language === "zh" ? `${where}：${this.#name(sector)}` : `${where}: ${this.#name(sector)}`;
  }

  /** Who or what a claim is about: `country:CHN`, `org:Tesla`, `CN-MIC2025`. */
  called(subject: string): string {
    const id = subject.slice(subject.indexOf(":") + 1);
    const name = this.#name(id);
    return name === id ? id.replace(/[-_]/g, " ") : name;
  }

  #name(code: string): string {
    const found = this.#names.get(code);
    if (!found) return code;
    return (settings.language === "zh" && found.name_zh) || found.name || code;
  }

  #all(): Coded[] {
    const said = this.#said;
    return said ? [...said.entities, ...said.indicators, ...said.rules, ...said.plans, ...said.presets, ...said.sectors, ...said.groups, ...said.countries] : [];
  }
}

export const known = new Known();
