/** A row of the scorecard as the view needs it. */
import { bound, isShare, told, withUnit } from "../../api/format";
import type { Row, Rows } from "../../api/rows";
import { known } from "../../api/vocabulary.svelte";
import { say } from "../../words/say";

export interface Target {
  row: Row;
  id: string;
  plan: string;
  /** Its name, in the reader's language where there is one. */
  planName: string;
  sector: string;
  item: string;
  indicator: string;
  comparator: string;
  /** Whether the comparison is a reading and not the source's word. */
  assumed: boolean;
  value: number;
  /** The second bound of a range. */
  high: number | null;
  unit: string;
  deadline: string;
  verdict: string;
  /** What it is counted under: its verdict, or that nobody has accepted the target. */
  kind: string;
  code: string;
  why: string;
  stage: string;
  counted: boolean;
  chance: number | null;
  lower: number | null;
  median: number | null;
  upper: number | null;
  observed: number | null;
  period: string;
  sound: boolean;
  /** How many annual values the series has. */
  points: number;
}

/** Fewer values than these have no drawing: two dots look like more than they are. */
export const DRAWN_FROM = 6;

export function targets(rows: Rows): Target[] {
  return rows.rows.map((row) => ({
    row,
    kind: kindOf(rows.text(row, "verdict"), rows.at(row, "counted") === true),
    id: rows.text(row, "target"),
    plan: rows.text(row, "plan"),
    planName: named(rows.text(row, "plan"), rows.text(row, "plan_name")),
    sector: rows.text(row, "sector"),
    item: rows.text(row, "item"),
    indicator: rows.text(row, "indicator"),
    comparator: rows.text(row, "comparator"),
    assumed: rows.at(row, "assumed") === true,
    value: rows.number(row, "value") ?? 0,
    high: rows.number(row, "high"),
    unit: rows.text(row, "unit"),
    deadline: rows.text(row, "deadline"),
    verdict: rows.text(row, "verdict"),
    code: rows.text(row, "code"),
    why: rows.text(row, "why"),
    stage: rows.text(row, "stage"),
    counted: rows.at(row, "counted") === true,
    chance: rows.number(row, "p"),
    lower: rows.number(row, "lower"),
    median: rows.number(row, "median"),
    upper: rows.number(row, "upper"),
    observed: rows.number(row, "observed"),
    period: rows.text(row, "observed_period"),
    sound: rows.at(row, "sound") === true,
    points: rows.number(row, "points") ?? 0,
  }));
}

/** A plan of a document is in no vocabulary: it goes by the name that the register gives it. */
function named(plan: string, name: string): string {
  const said = known.name(plan);
  return said === plan ? name || plan : said;
}

/** Verdicts from what is known to what cannot be known. */
export const VERDICTS = [
  "met early", "met", "likely", "even", "unlikely", "out of reach", "missed", "vintage-dependent", "disputed", "bounds straddle", "not trackable",
] as const;

/** What is no target of its own, or that nobody has accepted: not counted. */
export const UNCOUNTED = ["restatement", "description", "withdrawn", "unreviewed"] as const;

function kindOf(verdict: string, counted: boolean): string {
  return counted || (UNCOUNTED as readonly string[]).includes(verdict) ? verdict : "unreviewed";
}

/** What occurs, in order: a word that has no place yet comes last and is not lost. */
export function kinds(found: readonly Target[]): string[] {
  const known: readonly string[] = [...VERDICTS, ...UNCOUNTED];
  const held = new Set(found.map((t) => t.kind));
  return [...known.filter((k) => held.has(k)), ...[...held].filter((k) => !known.includes(k)).sort()];
}

export type Order = "verdict" | "chance" | "deadline" | "plan";

const by: Record<Order, (a: Target, b: Target) => number> = {
  verdict: (a, b) => rank(a) - rank(b) || (b.chance ?? -1) - (a.chance ?? -1),
  chance: (a, b) => (b.chance ?? -1) - (a.chance ?? -1) || rank(a) - rank(b),
  deadline: (a, b) => (a.deadline || "9999").localeCompare(b.deadline || "9999"),
  plan: (a, b) => a.plan.localeCompare(b.plan),
};

function rank(t: Target): number {
  const i = (VERDICTS as readonly string[]).indexOf(t.verdict);
  return i < 0 ? VERDICTS.length : i;
}

export function ordered(found: readonly Target[], order: string): Target[] {
  return [...found].sort((a, b) => (by[order as Order] ?? by.verdict)(a, b) || a.id.localeCompare(b.id));
}

export interface Filters {
  plan: string;
  sector: string;
  verdict: string;
  words: string;
}

/** The targets that fit all that is chosen; each word stands somewhere in the row. */
export function filtered(found: readonly Target[], f: Filters): Target[] {
  const words = f.words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return found.filter((t) => {
    if ((f.plan && t.plan !== f.plan) || (f.sector && t.sector !== f.sector)) return false;
    if (f.verdict ? t.kind !== f.verdict : !t.counted) return false;
    const text = `${t.id} ${t.plan} ${t.planName} ${t.sector} ${t.item} ${t.indicator}`.toLocaleLowerCase();
    return words.every((w) => text.includes(w));
  });
}

/** `≥ 70 %` or `40 to 45 %`, what is promised. */
export function promised(t: Target): string {
  if (t.high !== null) return `${told(t.value, t.unit).replace(/ %$/, "")} to ${withUnit(t.high, t.unit)}`;
  const sign = t.comparator === "range" ? "" : t.comparator === "=" ? "= " : bound(t.comparator);
  return `${sign}${withUnit(t.value, t.unit)}`;
}

/** How far what was observed is from what is promised: `13 points`, and whether below or above; null where it is there. */
export function gap(t: Target): { far: string; side: "below" | "above" } | null {
  if (t.observed === null || t.high !== null || t.observed === t.value) return null;
  const far = Math.abs(t.observed - t.value);
  const parts = ["percent", "%"].includes(t.unit) || isShare(t.unit);
  const size = isShare(t.unit) ? 100 * far : far;
  return { far: parts ? say("points_far", { n: told(size) }) : withUnit(far, t.unit), side: t.observed < t.value ? "below" : "above" };
}

/** A period in EDTF as people write it: halves and quarters of a year, spans. */
export function periodTold(period: string): string {
  return period
    .replace(/-(3[3-6])\b/g, (_, code: string) => ` Q${Number(code) - 32}`)
    .replace(/-(4[01])\b/g, (_, code: string) => ` H${Number(code) - 39}`)
    .replace(/\/|\.\./, "–");
}

/** A probability in words that claim no more than it can: never quite 0 or 100 %. */
export function chanceTold(p: number): string {
  if (p > 0.99 && p < 1) return "> 99 %";
  if (p < 0.01 && p > 0) return "< 1 %";
  return told(Math.round(p * 100) / 100, "share");
}
