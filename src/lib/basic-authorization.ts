/** HTTP Basic, encoded as a form, which leaves `-` and `_` alone: not every server decodes what else would be made of them. */
export function basicAuthorization(user: string, password: string): string {
  const pair = [user, password].map(encodeAsForm).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function encodeAsForm(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
