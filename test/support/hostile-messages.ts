import fc from 'fast-check';

/** Payloads that resemble messages, with anything that is wrong in any place. */

const nastyTexts = fc.constantFrom(
  ...['', '\u0000', 'a\u0000b.mp4', '\ud800', 'x\udc00.mp4', '😀'.repeat(200), `${'n'.repeat(10_000)}.mp4`],
  ...[
    'clip.mp4',
    '../../a.webm',
    'a.MP4',
    '__proto__',
    'constructor',
    '\u202Egpj.mp4',
    '\n\r\t',
    '{"a":1}',
    '\\',
  ],
);
const ids = fc.constantFrom(
  ...['1', '2', '1100000000000000001', '9223372036854775807', '9223372036854775808', '18446744073709551616'],
  ...['0', '-1', '01', '1.5', '1e5', 'x', '', ' 1'],
);
const urls = fc.constantFrom(
  ...[
    'https://cdn.example/a/clip.mp4?ex=65a1b2c3',
    'http://127.0.0.1/x.webm',
    'https://cdn.example/%zz/%00.mp4',
  ],
  ...[
    'https://cdn.example/a?ex=ffffffff',
    'https://cdn.example/?ex=0',
    'javascript:alert(1)',
    'https://',
    '//a',
  ],
  ...[
    'file:///etc/passwd',
    `https://cdn.example/${'a'.repeat(10_000)}`,
    'https://\u0000.example/a',
    'https://[::1]/a.mp4',
  ],
);
const types = fc.constantFrom(
  ...[
    'video/mp4',
    'video/webm',
    'video/',
    'video/\u0000',
    'image/png',
    'application/octet-stream',
    'VIDEO/MP4;x',
  ],
);
const numbers = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    1.5,
    2 ** 31,
    2 ** 32,
    4 * 2 ** 30,
    2 ** 53,
    1e308,
    5e-324,
    Number.NaN,
    Infinity,
  ),
  fc.integer(),
  fc.double(),
);
const times = fc.constantFrom(
  ...[
    '2024-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '0000-01-01',
    'infinity',
    'now',
  ],
);

const anything = fc.oneof({ weight: 1, arbitrary: fc.anything() }, { weight: 1, arbitrary: fc.jsonValue() });
/** Mostly what belongs there. */
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary }, { weight: 1, arbitrary: anything });

const part = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  mostly(
    fc.record(
      Object.fromEntries(Object.entries(shape).map(([name, arbitrary]) => [name, mostly(arbitrary)])),
      { requiredKeys: [] },
    ),
  );
const list = (entry: fc.Arbitrary<unknown>, maxLength = 4) => fc.array(entry, { maxLength });

const person = part({
  id: ids,
  username: nastyTexts,
  global_name: nastyTexts,
  avatar: nastyTexts,
  bot: fc.boolean(),
});
const attachment = part({
  ...{ id: ids, filename: nastyTexts, title: nastyTexts, url: urls, proxy_url: urls, content_type: types },
  ...{ size: numbers, width: numbers, height: numbers, duration_secs: numbers, placeholder: nastyTexts },
  ...{ flags: fc.oneof(fc.constantFrom(0, 1, 8, 9), numbers), clip_created_at: times },
  ...{ application: part({ name: nastyTexts }), clip_participants: list(person) },
});
const medium = part({
  ...{ url: urls, proxy_url: urls, content_type: types, attachment_id: ids, placeholder: nastyTexts },
  ...{ width: numbers, height: numbers },
});
const embed = part({
  ...{ type: nastyTexts, url: urls, title: nastyTexts, video: medium, thumbnail: medium },
  ...{ provider: part({ name: nastyTexts, url: urls }) },
});
const component = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    part({ media: medium, file: medium, name: nastyTexts, size: numbers, spoiler: fc.boolean() }),
    part({ items: list(part({ media: medium })), components: list(tie('node')), accessory: tie('node') }),
  ),
})).node;

const content = {
  ...{ content: nastyTexts, attachments: list(attachment), embeds: list(embed), components: list(component) },
};

/** Half of them with an id that will do, so that their files are reached. */
export const anyMessage = part({
  ...content,
  ...{ id: fc.oneof(fc.constantFrom('1', '1100000000000000009', '9223372036854775806'), ids) },
  ...{ author: person, timestamp: times, edited_timestamp: times },
  ...{ message_snapshots: list(part({ message: part(content) }), 2) },
});
