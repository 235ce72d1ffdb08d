import type { Page } from '@playwright/test';

/** Whom the tests are unless they say otherwise: owner of Chalk & Wheels, and an operator, who sees every guild. */
export const operator = { handle: 'kettle.fern', id: '638508970116313954' };

/** From the landing page through the sandbox's own pages and back, as a person does it. */
export async function logIn(page: Page, handle: string): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: 'Log in with Discord' }).click();
  await choosePerson(page, handle);
  await decide(page, 'Authorize');
}

/** Of the sandbox's people some are folded away. */
export async function choosePerson(page: Page, handle: string): Promise<void> {
  const person = page.getByText(`@${handle}`, { exact: true });
  await person.waitFor({ state: 'attached' });
  if (!(await person.isVisible())) await page.getByText(/^Everybody else/).click();
  await person.click();
}

/** The decision at the sandbox, which leads back to Clipdex. */
export async function decide(page: Page, decision: 'Authorize' | 'Cancel'): Promise<void> {
  await page.getByRole('button', { name: decision }).click();
  await page.waitForURL(({ pathname }) => !/^\/(oauth2|auth)\b|\/callback$/.test(pathname));
}
