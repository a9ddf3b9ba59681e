/** A question that is asked again whenever what it depends on changes; the last answer stays until the next is here. */
import { get, Refused, type Ask, type Path, type Said } from "./client";
import type { Fault } from "./types";

export class Asked<T> {
  data = $state.raw<T | undefined>();
  problems = $state.raw<Fault[]>([]);
  cannot = $state(false);
  waiting = $state(false);
  /** Asked once more, as after an error. */
  again = $state(0);
}

export type Question<P extends Path> = { ask: Ask<P>; names?: Record<string, string> } | null;

/** Ask in a component's script; a question of null is not asked and has no answer. */
export function asked<P extends Path>(path: P, question: () => Question<P>): Asked<Said<P>> {
  const found = new Asked<Said<P>>();
  // equal questions that come of another change are one
  const said = $derived(JSON.stringify(question()));
  $effect(() => {
    void found.again;
    const now = JSON.parse(said) as Question<P>;
    if (now === null) {
      found.data = undefined;
      found.problems = [];
      return;
    }
    const control = new AbortController();
    found.waiting = true;
    get(path, now.ask, now.names, control.signal).then(
      (data) => settle(found, data, []),
      (error: unknown) => {
        if (!control.signal.aborted) settle(found, undefined, problemsOf(error), error instanceof Refused && error.cannot);
      },
    );
    return () => control.abort();
  });
  return found;
}

function settle<T>(found: Asked<T>, data: T | undefined, problems: Fault[], cannot = false): void {
  found.data = data;
  found.problems = problems;
  found.cannot = cannot;
  found.waiting = false;
}

export function problemsOf(error: unknown): Fault[] {
  if (error instanceof Refused) return error.problems;
  return [{ what: String(error), where: "this page", expected: "an answer", remedy: "Reload the page." }];
}
