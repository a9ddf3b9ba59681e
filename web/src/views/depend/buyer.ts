/** The buyer that the address names: an economy, or an industry of it. */
import { known } from "../../api/vocabulary.svelte";
import { place } from "../../state/place.svelte";

export function buyer(): string {
  const industry = place.param("industry");
  return industry ? `${known.country}:${industry}` : known.country;
}
