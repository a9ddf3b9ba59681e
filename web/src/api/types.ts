// Written by tools/front_end.py from the description of the API.

export interface About {
  version: string;
  state: string;
  country: string;
  writes: boolean;
  elsewhere: string;
  lost: boolean;
  jobs_at_once: number;
  largest_upload: number;
  verbs: Verb[];
}

export interface Answer {
  columns: string[];
  key: string[];
  units: Record<string, string>;
  rows: ((string | number | boolean | null)[])[];
  basis: string;
  coverage: Coverage[];
  notes: string[];
  run: Run;
  lists: Record<string, Listed>;
  draws: boolean;
  preview: boolean;
  others: string[];
  figure: Drawing | null;
}

export interface Box {
  page: number;
  bbox: [number, number, number, number];
}

export interface CheckedScenario {
  scenarios: ReadScenario[];
  problems: Fault[];
}

export interface Claim {
  id: string;
  kind: "target" | "actual" | "forecast" | "policy_event" | "attribution" | "ranking" | "relation";
  subject: string;
  predicate: string | null;
  object: string[] | null;
  indicator: string | null;
  quantity: Quantity | null;
  times: Time[];
  geography: string[];
  sectors: string[];
  plans: string[];
  plan_names: Record<string, string>;
  polarity: "affirmed" | "negated";
  modality: "planned" | "achieved" | "estimated" | "criticised" | "asserted";
  speaker: string | null;
  reported_by: string;
  said_on: string | null;
  evidence: Selector[];
  extractor: Extractor;
  confidence: Record<string, number>;
  review: ReviewOutput | null;
}

export interface Claims {
  claims: SaidClaim[];
  total: number;
}

export interface Coded {
  code: string;
  name: string;
  name_zh: string;
  about: string;
  holds: string;
  held: boolean;
}

export interface Counted {
  kind: string;
  records: number;
}

export interface Coverage {
  what: string;
  share: number | null;
  statement: string;
  assumed: boolean;
  gate: boolean;
}

export interface DatedEvent {
  id: string;
  date: string;
  actor: string;
  event: string;
}

export interface DocumentText {
  head: Head;
  text: string;
  claims: Claim[];
}

export interface Dossier {
  kind: string;
  id: string;
  name: string;
  fields: Record<string, string | number | boolean | (string | number | boolean | null)[] | Record<string, string | number | boolean | null> | null>;
  sections: ShapesPart[];
  sources: Source[];
}

export interface Draft {
  text: string;
}

export interface Drawing {
  kind: string;
  title: string;
  sentence: string;
  unit: string;
  basis: string;
  sources: string[];
  notes: string[];
  spec: Record<string, JsonValue>;
}

export interface Edition {
  id: string;
  published: string;
  years: [number, number] | null;
  about: string;
}

export interface Entry {
  id: string;
  kind: "input-output" | "trade" | "indicator" | "concordance";
  producer: string;
  title: string;
  about: string;
  page: string;
  licence: string;
  citation: string;
  quality: "high" | "medium" | "low";
  reader: string;
  extra: string;
  key: string;
  format: string;
  units: string;
  files: File[];
  editions: Edition[];
  parameters: Record<string, unknown>;
  tables: string;
  traps: string[];
  tried: string;
}

export interface Extractor {
  name: string;
  version: string;
  config_hash: string;
  model: string | null;
  field_rules: Record<string, string>;
}

export interface Fault {
  what: string;
  where: string;
  expected: string;
  remedy: string;
}

export interface File {
  pattern: string;
  about: string;
  url: string;
  edition: string;
  years: [number, number] | null;
  sha256: string;
}

export interface Finding {
  table: string;
  what: string;
  fault: boolean;
  fine: boolean;
  weight: number;
}

export interface HTTPValidationError {
  detail: ValidationError[];
}

export interface Head {
  id: string;
  name: string;
  media: string;
  layer: "raw" | "html-main" | "pdf-text" | "docx-text";
  sha256: string;
  language: string;
  publisher: string;
  title: string;
  published: [string, string, number] | null;
  notes: string[];
  pages: [number, number, number][];
}

export interface Hit {
  kind: string;
  id: string;
  name: string;
  where: string;
}

export interface Job {
  id: string;
  kind: "scenario" | "read" | "report";
  title: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  done: number;
  of: number | null;
  runs: string[];
  documents: string[];
  files: string[];
  problems: Fault[];
}

export type JsonValue = unknown;

export interface KeptRun {
  key: string;
  id: string;
  title: string;
  done: number;
  of: number;
  bytes: number;
}

export interface Link {
  a: string;
  b: string;
  type: "same_fact" | "restates" | "corroborates" | "contradicts" | "supersedes" | "different_definition" | "different_scope" | "different_vintage";
  by: string;
  note: string;
}

export interface Listed {
  columns: string[];
  rows: ((string | number | boolean | null)[])[];
  units: Record<string, string>;
}

export interface Meta {
  title: string;
  key: string[];
  units: Record<string, string>;
  sources: string[];
  shape: number[];
  parts: Record<string, string>;
  flags: Record<string, unknown>;
  notes: string[];
  history: string[];
  origin: Origin | null;
  name: string;
  digest: string;
  rows: number;
  bytes: number;
  sha256: string;
  columns: Record<string, string>;
}

export interface OneClaim {
  claim: Claim;
  document: string;
  ref: string;
  status: string;
  sentence: string;
  links: Link[];
}

export interface Opened {
  ref: string;
  sentence: string;
  value: number | null;
  unit: string;
  parts: ResultPart[];
  remainder: number;
  sources: Source[];
  run: Run | null;
  fields: [string, string][];
  left_out: number;
  again: boolean;
}

export interface Origin {
  files: RawFile[];
  reader: string;
  version: string;
  added: string;
  cited: Source[];
}

export interface Position {
  start: number;
  end: number;
}

export interface Product {
  hs6: string;
  label: string | null;
  material: string | null;
  stage: string | null;
  first: number;
  last: number;
  flows: number;
}

export interface ProductLink {
  ref: string;
  says: string;
  how: string;
  buyers: string[];
}

export interface ProductLinks {
  hs6: string;
  name: string;
  sector: string | null;
  basis: string;
  targets: ProductLink[];
  events: ProductLink[];
}

export interface Quantity {
  value: number | null;
  low: number | null;
  high: number | null;
  comparator: "=" | ">" | ">=" | "<" | "<=" | "about" | "under" | "over";
  unit: string;
  as_written: string;
  vague: boolean;
  restates: string | null;
  change: "increase" | "decrease" | null;
}

export interface Quote {
  exact: string;
  prefix: string;
  suffix: string;
}

export interface RawFile {
  name: string;
  bytes: number;
  sha256: string;
  url: string;
}

export interface ReadDocument {
  head: Head;
  claims: number;
  refused: number;
  reviewed: number;
}

export interface ReadScenario {
  id: string;
  title: string;
  horizons: string[];
  runs: number;
}

export interface Records {
  kind: string;
  rows: (Record<string, string | number | boolean | null>)[];
  money: (Record<string, string | number | boolean | null>)[];
}

export interface Refusal {
  problems: Fault[];
  cannot: boolean;
}

export interface ReportPreset {
  name: string;
  report: Record<string, JsonValue>;
}

export interface ReportRun {
  report: Record<string, JsonValue>;
  pdf?: boolean;
}

export interface Reports {
  presets: ReportPreset[];
  cannot_print: Fault | null;
}

export interface ReviewInput {
  decision: "accept" | "reject" | "correct";
  changes?: string[];
  by?: string;
  note?: string;
}

export interface ReviewOutput {
  status: "open" | "accepted" | "edited" | "rejected";
  by: string;
  at: string;
  note: string;
  changes: Record<string, unknown>;
}

export interface Run {
  id: string;
  method: string;
  version: string;
  params: Record<string, unknown>;
  seed: number | null;
  inputs: string[];
  output: string;
}

export interface SaidClaim {
  claim: Claim;
  document: string;
  ref: string;
  status: string;
}

export interface ScenarioRun {
  text: string;
  name?: string;
  several?: boolean;
  scenario?: string | null;
  draws?: number | null;
  seed?: number | null;
  insist?: boolean;
  allow_extreme?: boolean;
}

export interface ScenarioText {
  text: string;
  name?: string;
}

export interface Selector {
  source: string;
  sha256: string;
  layer: "raw" | "html-main" | "pdf-text" | "docx-text";
  quote: Quote;
  position: Position;
  value_position: Position | null;
  pdf: Box | null;
  status: "exact" | "folded" | "ambiguous" | "lost";
}

export interface Source {
  id: string;
  producer: string;
  title: string;
  edition: string;
  published: string;
  url: string;
  licence: string;
  sha256: string;
  quality: "high" | "medium" | "low";
}

export interface Step {
  change: string;
  kind: string;
  sector: string;
  item: string;
  a: string;
  b: string;
  moved: string;
  why: string;
  targets_a: string[];
  targets_b: string[];
}

export interface StoredTable {
  meta: Meta;
  ref: string;
  own: boolean;
}

export interface Succession {
  a: string;
  b: string;
  parts_a: string[];
  parts_b: string[];
  steps: Step[];
  left_out: string[];
}

export interface Tables {
  tables: StoredTable[];
  damaged: Fault[];
}

export interface Time {
  edtf: string;
  as_written: string;
  resolved_against: string | null;
  role: "observation" | "deadline" | "event" | "baseline" | "statement";
}

export interface ValidationError {
  loc: (string | number)[];
  msg: string;
  type: string;
  input: unknown;
  ctx: Record<string, unknown>;
}

export interface Verb {
  path: string;
  method: string;
  about: string;
}

export interface Vocabulary {
  countries: Coded[];
  groups: Coded[];
  sectors: Coded[];
  plans: Coded[];
  presets: Coded[];
  indicators: Coded[];
  bases: Coded[];
  rules: Coded[];
  entities: Coded[];
}

export interface ResultPart {
  ref: string;
  label: string;
  value: number;
  share: number | null;
  assumed: boolean;
  unit: string;
}

export interface ShapesPart {
  title: string;
  rows: (Record<string, string | number | boolean | (string | number | boolean | null)[] | Record<string, string | number | boolean | null> | null>)[];
}

export interface Gets {
  "assessments": { ask: { width?: number | null; country?: string }; answer: Answer };
  "claims": { ask: { kind?: string; status?: string; plan?: string; speaker?: string; indicator?: string; sector?: string; geography?: string; words?: string; numbers?: boolean; document?: string; first?: number; count?: number }; answer: Claims };
  "claims/conflicts": { ask: { document?: string }; answer: Answer };
  "claims/{claim}": { ask: {  }; answer: OneClaim };
  "course": { ask: { width?: number | null; target: string; as_of?: string; series?: string; basis?: string; made?: string }; answer: Answer };
  "depend/circulation": { ask: { width?: number | null; table?: string | null; country: string; insist?: boolean }; answer: Answer };
  "depend/complexity": { ask: { width?: number | null; trade?: string | null; country?: string | null; first?: number | null; last?: number | null; level?: "2" | "4" | "6"; population?: string | null; gdp?: string | null; outlook_by?: "pci" | "fitness"; gain?: "plain" | "net"; updates?: number; related_by?: "proximity" | "association" | "cosine" | "jaccard" | "probability"; insist?: boolean; min_population?: number | null; min_exports_usd?: number | null; min_product_trade_usd?: number | null; min_ubiquity?: number | null }; answer: Answer };
  "depend/content": { ask: { width?: number | null; table?: string | null; trade?: string | null; exporters: string[]; partners?: string[]; by_partner?: boolean; by_sector?: boolean; method?: "bm-source" | "bm-sink" | "kww" | "wwz" | "tiva" | "intermediates" | "position"; perspective?: "group" | "country" | "world"; insist?: boolean }; answer: Answer };
  "depend/domestic": { ask: { width?: number | null; table?: string | null; trade?: string | null; country: string; insist?: boolean }; answer: Answer };
  "depend/exposure": { ask: { width?: number | null; table?: string | null; trade?: string | null; buyers: string[]; sources?: string[]; gross?: boolean; tiers?: boolean; own_denominators?: boolean; each_industry?: boolean; insist?: boolean }; answer: Answer };
  "depend/extract": { ask: { width?: number | null; table?: string | null; trade?: string | null; extracted?: string[]; each?: "industry" | "country"; kind?: "complete" | "backward" | "forward"; insist?: boolean }; answer: Answer };
  "depend/flags": { ask: { width?: number | null; trade?: string | null; importers: string[]; presets?: ("geodep" | "bottleneck" | "ec2021" | "ecipe" | "merics" | "oecd")[]; products?: string[]; year?: number | null; history?: number | null; draws?: number; seed?: number }; answer: Answer };
  "depend/influence": { ask: { width?: number | null; table?: string | null; count?: number; per_unit?: boolean; abroad?: boolean }; answer: Answer };
  "depend/markets": { ask: { width?: number | null; table?: string | null; sellers: string[]; markets?: string[]; insist?: boolean }; answer: Answer };
  "depend/network": { ask: { width?: number | null; table?: string | null; countries?: string[]; random_walk?: boolean; damping?: number }; answer: Answer };
  "depend/paths": { ask: { width?: number | null; table?: string | null; trade?: string | null; buyer: string; sources?: string[]; count?: number; tiers?: number; abroad?: boolean; insist?: boolean }; answer: Answer };
  "depend/points": { ask: { width?: number | null; table?: string | null; trade?: string | null; buyer: string; cut: number; least?: number; home?: boolean; insist?: boolean }; answer: Answer };
  "depend/position": { ask: { width?: number | null; trade?: string | null; reporter: string; products?: string[] }; answer: Answer };
  "depend/product-space": { ask: { width?: number | null; trade?: string | null; country?: string | null; first?: number | null; last?: number | null; level?: "2" | "4" | "6"; seed?: number; insist?: boolean; min_exports_usd?: number | null; min_product_trade_usd?: number | null; min_ubiquity?: number | null }; answer: Answer };
  "depend/risk": { ask: { width?: number | null; production: string; trade?: string | null; governance?: string; importer: string; products?: string[]; year?: number | null }; answer: Answer };
  "depend/stages": { ask: { width?: number | null; trade?: string | null; reporter: string; products?: string[] }; answer: Answer };
  "depend/sufficiency": { ask: { width?: number | null; production: string[]; trade?: string | null; reporter: string; products?: string[]; measure?: "value" | "units" }; answer: Answer };
  "depend/suppliers": { ask: { width?: number | null; trade?: string | null; reporter: string; products: string[]; direction?: "imports" | "exports"; first?: number | null; last?: number | null }; answer: Answer };
  "documents": { ask: {  }; answer: ReadDocument[] };
  "documents/{sha}": { ask: {  }; answer: DocumentText };
  "jobs": { ask: {  }; answer: Job[] };
  "jobs/{job}": { ask: {  }; answer: Job };
  "meta": { ask: {  }; answer: About };
  "outlines": { ask: {  }; answer: Record<string, unknown> };
  "products/{product}": { ask: {  }; answer: ProductLinks };
  "register": { ask: { plan?: string; sector?: string; country?: string }; answer: Counted[] };
  "register/diff": { ask: { a: string; b: string }; answer: Succession };
  "register/kinds/{kind}": { ask: { plan?: string; sector?: string; country?: string }; answer: Records };
  "register/records/{record}": { ask: {  }; answer: Dossier };
  "register/search": { ask: { words: string }; answer: Hit[] };
  "reports": { ask: {  }; answer: Reports };
  "runs/{run}": { ask: { width?: number | null }; answer: Answer };
  "runs/{run}/figure": { ask: { width?: number | null; drawing?: string }; answer: Drawing };
  "scorecard": { ask: { width?: number | null; country?: string; as_of?: string; plan?: string; target?: string; sector?: string; indicator?: string; verdict?: string; series?: string; basis?: string }; answer: Answer };
  "sources": { ask: { words?: string }; answer: Entry[] };
  "sources/{source}": { ask: {  }; answer: Entry };
  "stress/draft/event": { ask: { event: string }; answer: Draft };
  "stress/draft/product": { ask: { product: string; importer: string; sender?: string; trade?: string }; answer: Draft };
  "stress/events": { ask: {  }; answer: DatedEvent[] };
  "stress/fields": { ask: {  }; answer: Draft };
  "stress/kept": { ask: {  }; answer: KeptRun[] };
  "stress/pairs": { ask: { width?: number | null; table?: string | null; sector?: string; cut?: number; insist?: boolean }; answer: Answer };
  "stress/what-if": { ask: { width?: number | null; table?: string | null; sender: string; receiver: string; cut?: number; insist?: boolean }; answer: Answer };
  "tables": { ask: {  }; answer: Tables };
  "tables/{table}": { ask: {  }; answer: StoredTable };
  "tables/{table}/findings": { ask: {  }; answer: Finding[] };
  "tables/{table}/products": { ask: {  }; answer: Product[] };
  "targets/{target}": { ask: {  }; answer: Dossier };
  "trace": { ask: { ref: string; top?: number }; answer: Opened };
  "vocabulary": { ask: {  }; answer: Vocabulary };
}
