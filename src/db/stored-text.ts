/** Text as PostgreSQL can hold it. It refuses the character NUL, which a name made outside may contain. */
export function storedText<Text extends string | null>(text: Text): Text {
  return (text === null ? null : text.replaceAll('\0', '')) as Text;
}
