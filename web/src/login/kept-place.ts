const KEY = 'clipdex-return-to';

/** Where the viewer wanted to go: a login that went wrong comes back without it, and the next one should lead there. */
export function keepPlace(path: string): void {
  try {
    sessionStorage.setItem(KEY, path);
  } catch {
    // Storage may be switched off; the next login then leads to the first page.
  }
}

export function keptPlace(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '/';
  } catch {
    return '/';
  }
}
