/** How a verdict came about, in words: `nowcast, 2 years, irregular` is for machines. */
import { say, sayIf } from "../../words/say";

export function methodTold(horizon: string, transform: string): string {
  const parts = horizon.split(", ").map((part) => {
    const years = /^(\d+) years?$/.exec(part)?.[1];
    return years ? say(years === "1" ? "h_year" : "h_years", { n: years }) : sayIf("h_", part);
  });
  return [...parts, transform === "none" ? "" : sayIf("t_", transform)].filter(Boolean).join("; ");
}
