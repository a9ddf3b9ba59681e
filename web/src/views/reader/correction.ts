/** The fields of a claim that a reviewer can correct, with their values as they are written, and what was changed. */
import type { Claim, Quantity } from "../../api/types";

export interface Field {
  name: string;
  /** As it stands: what was read, or what an earlier correction says. */
  now: string;
  /** The only values, where there are such. */
  choices?: readonly string[];
}

// each has every word, as its type demands it
const KINDS: Record<Claim["kind"], true> = { target: true, actual: true, forecast: true, policy_event: true, attribution: true, ranking: true, relation: true };
const MODALITIES: Record<Claim["modality"], true> = { planned: true, achieved: true, estimated: true, criticised: true, asserted: true };
const POLARITIES: Record<Claim["polarity"], true> = { affirmed: true, negated: true };
const COMPARATORS: Record<Quantity["comparator"], true> = { "=": true, ">=": true, ">": true, "<=": true, "<": true, about: true, under: true, over: true };

export function fieldsOf(claim: Claim): Field[] {
  const changes = claim.review?.changes ?? {};
  const field = (name: string, read: unknown, choices?: object): Field => ({
    name,
    now: written(name in changes ? changes[name] : read),
    ...(choices && { choices: Object.keys(choices) }),
  });
  const q = claim.quantity;
  return [
    field("kind", claim.kind, KINDS),
    ...(q ? [field("comparator", q.comparator, COMPARATORS), field("value", q.value), field("low", q.low), field("high", q.high), field("unit", q.unit)] : []),
    field("times", claim.times.map((t) => `${t.role} ${t.edtf}`)),
    field("subject", claim.subject),
    field("indicator", claim.indicator),
    field("geography", claim.geography),
    field("sectors", claim.sectors),
    field("plans", claim.plans),
    field("speaker", claim.speaker),
    field("modality", claim.modality, MODALITIES),
    field("polarity", claim.polarity, POLARITIES),
  ];
}

function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}

/** `FIELD=VALUE` for each field that is no longer as it stands. */
export function changed(fields: readonly Field[], values: Readonly<Record<string, string>>): string[] {
  return fields.filter((f) => values[f.name] !== undefined && values[f.name]?.trim() !== f.now).map((f) => `${f.name}=${values[f.name]?.trim()}`);
}
