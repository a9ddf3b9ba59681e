/** The views in the order of the navigation. Allocate and Judge take their places here when they exist. */
import type { Component } from "svelte";
import type { Key } from "../words/say";

export interface View {
  id: string;
  title: Key;
  key: string;
  /** Whether the navigation has it. */
  listed: boolean;
  load: () => Promise<{ default: Component }>;
}

export const VIEWS: readonly View[] = [
  { id: "scorecard", title: "scorecard", key: "1", listed: true, load: () => import("../views/scorecard/Scorecard.svelte") },
  { id: "depend", title: "depend", key: "2", listed: true, load: () => import("../views/depend/Depend.svelte") },
  { id: "stress", title: "stress", key: "3", listed: true, load: () => import("../views/stress/Stress.svelte") },
  { id: "reader", title: "reader", key: "4", listed: true, load: () => import("../views/reader/Reader.svelte") },
  { id: "sources", title: "sources", key: "5", listed: true, load: () => import("../views/sources/Sources.svelte") },
  { id: "trace", title: "trace", key: "6", listed: true, load: () => import("../views/trace/TracePage.svelte") },
  { id: "report", title: "report", key: "7", listed: true, load: () => import("../views/report/Report.svelte") },
];
