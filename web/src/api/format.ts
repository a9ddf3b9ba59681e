/** Numbers as people read them: by their unit, in few digits. */
const MINUS = "\u2212";
const SYMBOLS: Record<string, string> = { percent: "%", "percent per year": "% a year" };
const fixed = new Map<number, Intl.NumberFormat>();

function digits(value: number, most: number): string {
  let format = fixed.get(most);
  if (!format) {
    format = new Intl.NumberFormat("en", { maximumFractionDigits: most });
    fixed.set(most, format);
  }
  return format.format(value).replace("-", MINUS);
}

/** A value in a unit: shares in [0, 1] in per cent, others to about four digits. */
export function told(value: number, unit = ""): string {
  if (isShare(unit)) return `${digits(100 * value, near(100 * value, 3))} %`;
  return digits(value, near(value, 4));
}

/** A value with its unit behind it, where that is not in the number already. */
export function withUnit(value: number, unit: string): string {
  if (isShare(unit) || !unit || unit === "count") return told(value, unit);
  return `${told(value)} ${symbol(unit)}`;
}

const BOUNDS: Record<string, string> = { "=": "", ">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< ", "~": "≈ ", about: "≈ ", under: "≲ ", over: "≳ " };

/** A comparison before its value: `≥ `, nothing for equality. */
export function bound(comparator: string): string {
  return BOUNDS[comparator] ?? `${comparator} `;
}

/** A unit in its short form, where it has one. */
export function symbol(unit: string): string {
  return SYMBOLS[unit] ?? unit;
}

/** Characters of a unit that stands behind a value in a narrow column, at most: `% a year`, `million`. */
const SHORT = 9;

/** Whether a unit is short enough to stand behind each number of a column. */
export function isShort(unit: string): boolean {
  return symbol(unit).length <= SHORT;
}

export function isShare(unit: string): boolean {
  return unit.startsWith("share") || unit === "probability";
}

/** Decimals that leave so many digits in all. */
function near(value: number, wanted: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return 0;
  return Math.min(Math.max(wanted - 1 - Math.floor(Math.log10(size)), 0), 6);
}
