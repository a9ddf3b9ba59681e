/** The names of the products of a trade table, by code. */
import { asked } from "../../api/asked.svelte";

export interface Named {
  readonly all: readonly (readonly [string, string])[];
  of(code: string): string;
}

/** Ask in a component's script; `table` may not be known yet. */
export function named(table: () => string): Named {
  const found = asked("tables/{table}/products", () => (table() ? { ask: {}, names: { table: table() } } : null));
  const all = $derived((found.data ?? []).map((p) => [p.hs6, p.label ?? p.hs6] as const).sort((a, b) => a[1].localeCompare(b[1])));
  const names = $derived(new Map(all));
  return {
    get all() {
      return all;
    },
    of: (code) => names.get(code) ?? code,
  };
}
