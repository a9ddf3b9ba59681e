/** The width in which a drawing is asked for: of few, and of those that are drawn. */
const STEP = 20;
const [LEAST, MOST] = [280, 1100];

export function drawingWidth(room: number): number {
  return Math.min(Math.max(Math.floor(room / STEP) * STEP, LEAST), MOST);
}
