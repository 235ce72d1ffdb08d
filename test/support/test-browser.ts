/** A browser without a screen: it keeps cookies, follows no redirect by itself, and says that it comes from our own pages. */
export class TestBrowser {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  /** @param url of the page, without a trailing slash */
  constructor(url: string) {
    this.#url = url;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  dropCookies(): void {
    this.#cookies.clear();
  }

  /** `target`: a path of ours, or an address elsewhere, which gets no cookies. */
  async get(target: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch(target, { headers });
  }

  /** A change as our own page makes it, with a JSON body if there is one. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return this.#fetch(path, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Of an answer of 200 to `get`. @throws with status and body of any other */
  async read<Answer>(path: string): Promise<Answer> {
    const response = await this.get(path);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  }

  /** Logs in as a user of the sandbox. Answers where the program led in the end. */
  async logIn(userId: string, returnTo = '/'): Promise<string> {
    const away = await this.get(`/auth/login?return_to=${encodeURIComponent(returnTo)}`);
    const back = await this.approve(locationOf(away), { user_id: userId });
    return locationOf(await this.get(back));
  }

  /** The decision on the sandbox's page, and where it leads: back to us. */
  async approve(authorizeUrl: string, fields: Record<string, string>): Promise<string> {
    return locationOf(await decide(authorizeUrl, { decision: 'approve', ...fields }));
  }

  async deny(authorizeUrl: string): Promise<string> {
    return locationOf(await decide(authorizeUrl, { decision: 'deny' }));
  }

  async #fetch(target: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const url = target.startsWith('/') ? `${this.#url}${target}` : target;
    const isOurs = new URL(url).origin === new URL(this.#url).origin;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = isOurs && cookie !== '' ? { cookie, ...init.headers } : init.headers;
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    if (isOurs) for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const isDropped = attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0');
    if (isDropped) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

export function locationOf(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`${response.url} answered ${response.status} and led nowhere`);
  return location;
}

async function decide(authorizeUrl: string, fields: Record<string, string>): Promise<Response> {
  return fetch(authorizeUrl, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}
