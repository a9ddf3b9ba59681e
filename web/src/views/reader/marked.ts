/** A text in pieces, each under the claims that it is evidence of. Spans count code points, JavaScript counts units. */
import type { Claim } from "../../api/types";

export interface Piece {
  text: string;
  claims: Claim[];
}

interface Span {
  start: number;
  end: number;
  claim: Claim;
}

export function marked(text: string, claims: readonly Claim[]): Piece[] {
  const letters = [...text];
  const spans: Span[] = claims.flatMap((claim) =>
    claim.evidence.filter((e) => e.status !== "lost").map((e) => ({ start: e.position.start, end: Math.min(e.position.end, letters.length), claim })),
  );
  const edges = [...new Set([0, letters.length, ...spans.flatMap((s) => [s.start, s.end])])].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  const open = new Set<Span>();
  const begins = Map.groupBy(spans, (s) => s.start);
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i] ?? 0, edges[i + 1] ?? 0];
    for (const span of open) if (span.end <= from) open.delete(span);
    for (const span of begins.get(from) ?? []) open.add(span);
    pieces.push({ text: letters.slice(from, to).join(""), claims: [...open].map((s) => s.claim) });
  }
  return pieces;
}

/** Claims in the order of the text. */
export function inOrder(claims: readonly Claim[]): Claim[] {
  return [...claims].sort((a, b) => place(a) - place(b));
}

function place(claim: Claim): number {
  return claim.evidence[0]?.position.start ?? 0;
}
