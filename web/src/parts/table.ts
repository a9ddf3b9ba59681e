/** What a table makes of its rows: the words of a cell, the rows that hold what is looked for, and their order. */
import type { Cell, Row, Rows } from "../api/rows";
import { known } from "../api/vocabulary.svelte";
import { say } from "../words/say";

/** Columns whose codes have names. */
const CODED = /^(country|countries|buyer|seller|source|sender|receiver|importer|exporter|reporter|partner|lead|sector|supplier|entity|plan)$/;
const letters = new Intl.Collator(undefined, { numeric: true });

/** A cell as it reads. */
export function reads(rows: Rows, row: Row, column: string): string {
  const cell = rows.at(row, column);
  if (typeof cell === "boolean") return say(cell ? "yes" : "no");
  if (cell === null) return "";
  return CODED.test(column) ? known.name(String(cell)) : String(cell);
}

/** The words and codes of each row, for `holding`. */
export function wordsOf(rows: Rows, columns: readonly string[]): string[] {
  return rows.rows.map((row) => columns.map((c) => `${reads(rows, row, c)}\n${rows.text(row, c)}`).join("\n").toLowerCase());
}

/** The rows that hold every word looked for. */
export function holding(rows: readonly Row[], words: readonly string[], wanted: string): readonly Row[] {
  const each = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return each.length ? rows.filter((_, i) => each.every((word) => words[i]?.includes(word))) : rows;
}

/** Rows by a column; what is missing comes last, either way. */
export function ordered(rows: Rows, of: readonly Row[], by: string, down: boolean): readonly Row[] {
  return by ? [...of].sort((a, b) => compare(rows.at(a, by), rows.at(b, by), down)) : of;
}

function compare(a: Cell, b: Cell, turned: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : letters.compare(String(a), String(b));
  return turned ? -order : order;
}
