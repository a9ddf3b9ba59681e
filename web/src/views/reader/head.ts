/** A document in one line: what it is called, who published it and when (`Ministry of Trade · 2025-05-03 · `). */
import type { Head } from "../../api/types";

export function publishedBy(head: Head): string {
  return [head.publisher, head.published?.[0]].filter(Boolean).map((s) => `${s} · `).join("");
}

/** A document by its title, else by the name of its file without the folder. */
export function named(head: Head): string {
  return head.title || (head.name.split("/").filter(Boolean).at(-1) ?? head.name);
}
