/** A Vega-Lite specification as an SVG element: the drawing of the brief, with links that the keyboard reaches. */
import type { JsonValue } from "../api/types";

const LINK = "http://www.w3.org/1999/xlink";

export async function drawn(spec: Record<string, JsonValue>, label: string): Promise<SVGSVGElement> {
  const { compile, expressionInterpreter, parse, View } = await import("./vega");
  // evaluated by the interpreter from the syntax tree: the content-security policy allows no code made of text
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0]).spec;
  const runtime = parse(compiled, undefined, { ast: true });
  const view = new View(runtime, { expr: expressionInterpreter as never, renderer: "none" });
  try {
    const text = await view.toSVG();
    const read = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    return mended(document.importNode(read, true) as unknown as SVGSVGElement, label);
  } finally {
    view.finalize();
  }
}

/** Pixels that a drawing will be high, where its specification says so. */
export function heightOf(spec: Record<string, JsonValue>): number {
  const { top = 0, bottom = 0 } = (spec.padding ?? {}) as { top?: number; bottom?: number };
  return typeof spec.height === "number" ? spec.height + top + bottom : 0;
}

/** Sized by its box, named as a whole, its links reached once each. */
function mended(svg: SVGSVGElement, label: string): SVGSVGElement {
  svg.setAttribute("role", svg.querySelector("a") ? "graphics-document" : "img");
  svg.setAttribute("aria-label", label);
  svg.removeAttribute("style");
  for (const one of svg.querySelectorAll("[role=graphics-object], [role=graphics-symbol], [aria-roledescription]")) {
    one.removeAttribute("role");
    one.removeAttribute("aria-roledescription");
  }
  for (const one of svg.querySelectorAll("[aria-label]:not(a)")) if (one !== svg) one.setAttribute("role", "img");
  for (const link of svg.querySelectorAll("a")) {
    const address = link.getAttribute("href") ?? link.getAttributeNS(LINK, "href") ?? "";
    link.removeAttributeNS(LINK, "href");
    link.removeAttribute("target");
    if (address.startsWith("#/")) link.setAttribute("href", address);
    else link.removeAttribute("href");
    const said = link.querySelector("[aria-label]")?.getAttribute("aria-label");
    if (said) link.setAttribute("aria-label", said);
    // the mark beside a number carries the same link
    if (link.querySelector("text") && !said) link.setAttribute("tabindex", "-1");
  }
  return svg;
}
