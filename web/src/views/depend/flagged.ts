/** Flags by product: which definitions flag it, with which probability. */
import type { Row, Rows } from "../../api/rows";

export interface Flagged {
  hs6: string;
  lead: string;
  /** Definitions that flag it, as the answer counts them. */
  count: number;
  imports: number | null;
  by: Map<string, { row: Row; flagged: boolean; probability: number | null }>;
}

export function flagged(rows: Rows): Flagged[] {
  const found = new Map<string, Flagged>();
  for (const row of rows.rows) {
    const hs6 = rows.text(row, "hs6");
    let one = found.get(hs6);
    if (!one) {
      one = { hs6, lead: rows.text(row, "lead"), count: rows.number(row, "presets_flagged") ?? 0, imports: rows.number(row, "imports_usd"), by: new Map() };
      found.set(hs6, one);
    }
    one.by.set(rows.text(row, "preset"), { row, flagged: rows.at(row, "flagged") === true, probability: rows.number(row, "probability") });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (b.imports ?? 0) - (a.imports ?? 0));
}
