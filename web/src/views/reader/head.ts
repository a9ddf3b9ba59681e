/** Who published a document and when, before what is said of it: `Ministry of Trade · 2025-05-03 · `. */
import type { Head } from "../../api/types";

export function publishedBy(head: Head): string {
  return [head.publisher, head.published?.[0]].filter(Boolean).map((s) => `${s} · `).join("");
}
