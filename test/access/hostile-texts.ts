/** Names that do something where they are taken for a part of the page. */
export const hostileMarkup = [
  '<script>globalThis.attacked = 1</script>',
  '"><img src=x onerror="globalThis.attacked = 2">',
  "'><svg/onload=globalThis.attacked=3>",
  'javascript:globalThis.attacked=4',
  '</title></textarea></script><script>globalThis.attacked=5</script>',
  '{{constructor.constructor("globalThis.attacked=6")()}}',
  '<iframe srcdoc="<script>parent.attacked=7</script>">',
  '<a href="javascript:globalThis.attacked=8">x</a>',
  '<style>*{background:url(https://evil.example/x)}</style>',
  '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
] as const;

/** What people could call themselves, their servers, channels, files and tokens. */
export const hostileTexts = [
  ...hostileMarkup,
  '&lt;b&gt; &#60;script&#62; &amp;',
  "'; drop table users; --",
  "' or '1'='1",
  '%_\\ $1 $$ :x /* */ --',
  '../../../etc/passwd',
  'a\u202egpj.exe\u202c',
  '\u200b\u200d\ufeffx',
  'é\u0301 ß İ ﬁ 😀 \u{1f3f4}\u{e0067}',
] as const;
