/** The interface in the reader's language. */
import { settings } from "../state/settings.svelte";
import { en, type Words } from "./en";
import { zh } from "./zh";

const WORDS: Record<string, Words> = { en, zh };

export type Key = keyof Words;

/** A phrase, with what stands in its braces. */
export function say(key: Key, filled: Record<string, string | number> = {}): string {
  const phrase = (WORDS[settings.language] ?? en)[key];
  return phrase.replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name] ?? ""));
}

/** A word of the data for which there may be a phrase, such as a verdict; otherwise the word itself. */
export function sayIf(prefix: string, word: string): string {
  const key = `${prefix}${word}`;
  return key in en ? say(key as Key) : word;
}
