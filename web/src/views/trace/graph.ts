/** Places of a number, its parts and what is left, in two columns, for a drawing of a given width. */
import type { Opened } from "../../api/types";

export interface Node {
  x: number;
  y: number;
  wide: number;
  label: string;
  /** How many letters fit. */
  letters: number;
  value: number | null;
  unit: string;
  ref: string;
  assumed: boolean;
}

export interface Link {
  path: string;
  wide: number;
  negative: boolean;
  assumed: boolean;
}

const HIGH = 38;
const STEP = 46;
const MOST = 12;
const LETTER = 6.6; // px of a letter of 12 px on average

export function laid(found: Opened, width: number, rest: string): { width: number; height: number; high: number; nodes: Node[]; links: Link[] } {
  const left = Math.floor(width * 0.34);
  const right = Math.floor(width * 0.52);
  const parts = found.parts.slice(0, MOST);
  const shown = parts.map((p) => ({ label: p.label, value: p.value, unit: p.unit || found.unit, ref: p.ref, assumed: p.assumed, share: p.share }));
  const over = found.value === null ? 0 : found.remainder + found.parts.slice(MOST).reduce((sum, p) => sum + (p.share === null ? 0 : p.value), 0);
  if (over) shown.push({ label: rest, value: over, unit: found.unit, ref: "", assumed: false, share: found.value ? over / found.value : null });
  const height = Math.max(shown.length, 1) * STEP;
  const root: Node = {
    x: 1, y: height / 2 - HIGH / 2, wide: left, letters: Math.floor((left - 16) / LETTER), label: found.sentence, value: found.value, unit: found.unit, ref: "", assumed: false,
  };
  const nodes = shown.map((one, i) => ({
    ...one, x: width - right - 1, y: i * STEP + (STEP - HIGH) / 2, wide: right, letters: Math.floor((right - 16) / LETTER),
  }));
  const most = Math.max(...shown.map((p) => Math.abs(p.share ?? 0)), 1e-12);
  const links = nodes.map((node) => ({
    path: curve(root.x + left, height / 2, node.x, node.y + HIGH / 2),
    wide: node.share === null ? 1 : Math.max((10 * Math.abs(node.share)) / most, 1),
    negative: (node.share ?? 0) < 0,
    assumed: node.assumed || node.share === null,
  }));
  return { width, height, high: HIGH, nodes: [root, ...nodes], links };
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
