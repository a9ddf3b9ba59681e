/** A job as the server tells of it, until it ends. */
import type { Job } from "../../api/types";

export const ENDED: readonly string[] = ["done", "failed", "cancelled"];

export function watched(first: () => Job): { readonly job: Job } {
  let now = $state.raw<Job | undefined>();
  $effect(() => {
    const job = first();
    if (ENDED.includes(job.state)) return;
    const events = new EventSource(`/api/jobs/${job.id}/events`);
    events.onmessage = (event) => {
      now = JSON.parse(String(event.data)) as Job;
      if (ENDED.includes(now.state)) events.close();
    };
    return () => events.close();
  });
  return {
    get job() {
      return now?.id === first().id ? now : first();
    },
  };
}
