/** The rows of an answer by column, each number with the reference that opens it. */
import type { Answer, Listed } from "./types";

export type Cell = string | number | boolean | null;
export type Row = readonly Cell[];

export class Rows {
  readonly #at: Map<string, number>;

  constructor(
    readonly columns: readonly string[],
    readonly rows: readonly Row[],
    readonly key: readonly string[] = [],
    readonly run = "",
    readonly units: Readonly<Record<string, string>> = {},
  ) {
    this.#at = new Map(columns.map((c, i) => [c, i]));
  }

  static of(answer: Answer): Rows {
    return new Rows(answer.columns, answer.rows, answer.key, answer.run.id, answer.units);
  }

  static listed(list: Listed): Rows {
    return new Rows(list.columns, list.rows, [], "", list.units);
  }

  has(column: string): boolean {
    return this.#at.has(column);
  }

  at(row: Row, column: string): Cell {
    const i = this.#at.get(column);
    return i === undefined ? null : (row[i] ?? null);
  }

  text(row: Row, column: string): string {
    const cell = this.at(row, column);
    return cell === null ? "" : String(cell);
  }

  number(row: Row, column: string): number | null {
    const cell = this.at(row, column);
    return typeof cell === "number" ? cell : null;
  }

  /** What opens a number of a row; nothing where it is no number of a run. */
  ref(row: Row, column: string): string {
    if (!this.run || typeof this.at(row, column) !== "number" || !(column in this.units)) return "";
    return `run:${this.run}#${this.key.map((k) => written(this.at(row, k))).join("|")},${column}`;
  }
}

/** A key as the server writes it in a reference. */
function written(cell: Cell): string {
  if (cell === null) return "None";
  if (typeof cell === "boolean") return cell ? "True" : "False";
  return String(cell);
}

/** Where the page opens a reference. */
export function traced(ref: string): string {
  return `#/trace/${encodeURIComponent(ref)}`;
}
