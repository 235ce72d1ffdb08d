/** "mp4, .webm mov" → ["mp4", ".webm", "mov"]: the server tidies and checks them. */
export function readFormats(text: string): string[] {
  return text.split(/[\s,;]+/).filter((format) => format !== '');
}
