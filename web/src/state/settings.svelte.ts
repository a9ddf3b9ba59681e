/** What belongs to the reader and not to the address: language and theme, kept in the browser. */
export type Language = "en" | "zh";
export type Theme = "light" | "dark";

class Settings {
  #language = $state<Language>(kept("language") === "zh" ? "zh" : "en");
  #theme = $state<Theme>(themeOf(kept("theme")));

  get language(): Language {
    return this.#language;
  }
  set language(to: Language) {
    this.#language = to;
    keep("language", to);
  }
  get theme(): Theme {
    return this.#theme;
  }
  set theme(to: Theme) {
    this.#theme = to;
    keep("theme", to);
  }
}

function themeOf(said: string | null): Theme {
  if (said === "light" || said === "dark") return said;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`zizhu.${name}`);
  } catch {
    return null; // storage may be forbidden
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`zizhu.${name}`, value);
  } catch {
    // then it lasts as long as the page
  }
}

export const settings = new Settings();
