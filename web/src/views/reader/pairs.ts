/** Pairs of claims that do not say the same, as the list shows them: a reason, and two sides. */
import type { Row, Rows } from "../../api/rows";

export interface Side {
  quote: string;
  document: string;
  /** Where the claim stands in its document. */
  opens: string;
  speaker: string;
  said: string;
  period: string;
  value: number | null;
  unit: string;
  written: string;
  ref: string;
}

export interface Pair {
  id: string;
  type: string;
  reason: string;
  ref: string;
  sides: readonly [Side, Side];
}

/** Kinds of relation, from what contradicts to what only seems to. */
export const KINDS = ["contradicts", "different_definition", "different_scope", "different_vintage"];

export function pairs(rows: Rows): Pair[] {
  const found = rows.rows.map((row): Pair => ({
    id: `${rows.text(row, "a")}|${rows.text(row, "b")}`,
    type: rows.text(row, "type"),
    reason: rows.text(row, "reason"),
    ref: rows.ref(row, "claims"),
    sides: [side(rows, row, "a"), side(rows, row, "b")],
  }));
  return found.sort((a, b) => KINDS.indexOf(a.type) - KINDS.indexOf(b.type));
}

function side(rows: Rows, row: Row, which: "a" | "b"): Side {
  const text = (column: string): string => rows.text(row, `${column}_${which}`);
  const sha = /^doc:([0-9a-f]{64})#/.exec(text("ref"))?.[1] ?? "";
  return {
    quote: text("quote"),
    document: text("document"),
    opens: `#/reader/${sha}?claim=${rows.text(row, which)}`,
    speaker: text("speaker"),
    said: text("said"),
    period: text("period"),
    value: rows.number(row, `value_${which}`),
    unit: text("unit").replace(/^count:/, "").replaceAll("_", " "),
    written: text("written"),
    ref: rows.ref(row, `value_${which}`),
  };
}
