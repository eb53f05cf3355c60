const kilobytes = (count) => 1_024 * count;
const text = (length, index) => Buffer.alloc(length, `${index} `).toString('latin1');

/**
 * Values that are hard on a bound in bytes. `many` is how many of them are loaded: more than fit.
 *
 * @type {Record<string, { many: number, value: (index: number) => unknown, key?: (index: number) => readonly unknown[], tags?: (index: number) => readonly string[] }>}
 */
export const memoryCases = {
  'numbers, many tiny': { many: 150_000, value: (index) => index },
  'strings of 1 MB': { many: 300, value: (index) => text(1_000_000, index) },
  'two-byte strings of 200 kB': { many: 1_000, value: (index) => `${index} Ω`.repeat(kilobytes(20)) },
  'texts made of parts': {
    many: 20_000,
    value: (index) => Array.from({ length: 100 }, (_, at) => `${index}, ${at}`).join(' and '),
  },
  'strings joined by +': {
    many: 20_000,
    value: (index) => {
      let joined = '';
      for (let at = 0; at < 400; at++) joined += `${index}:${at} is a part;`;
      return joined;
    },
  },
  'slices of 1 MB strings': {
    many: 1_000,
    value: (index) => text(1_000_000, index).slice(100, 200),
  },
  'buffers of 100 kB': { many: 2_000, value: (index) => Buffer.alloc(100_000, index) },
  'views of 50 bytes on buffers of 1 MB': {
    many: 300,
    value: (index) => Buffer.alloc(1_000_000, index).subarray(10, 60),
  },
  'small buffers of the pool': { many: 150_000, value: (index) => Buffer.from(`contact ${index}`) },
  'objects 500 deep': {
    many: 5_000,
    value: (index) => {
      let value = { index };
      for (let depth = 0; depth < 500; depth++) value = { depth, value };
      return value;
    },
  },
  'lists of 1,000 objects': {
    many: 1_000,
    value: (index) =>
      Array.from({ length: 1_000 }, (_, at) => ({
        id: index * 1_000 + at,
        name: `Contact ${at}`,
        score: at / 7,
      })),
  },
  'Maps of 1,000': {
    many: 2_000,
    value: (index) => new Map(Array.from({ length: 1_000 }, (_, at) => [`key ${at}`, index + at])),
  },
  'Sets of 1,000': {
    many: 2_000,
    value: (index) => new Set(Array.from({ length: 1_000 }, (_, at) => `member ${index} ${at}`)),
  },
  'dictionaries of 1,000': {
    many: 2_000,
    value: (index) => Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`id-${index}-${at}`, at])),
  },
  'objects of 5 fields, named by their data': {
    many: 60_000,
    value: (index) =>
      JSON.parse(
        JSON.stringify(Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`id-${index}-${at}`, at]))),
      ),
  },
  'fractional numbers, 1,000 in objects': {
    many: 2_000,
    value: (index) => Array.from({ length: 1_000 }, (_, at) => ({ x: index + at / 3, y: at / 7 })),
  },
  'dates, 1,000': {
    many: 2_000,
    value: (index) => Array.from({ length: 1_000 }, (_, at) => new Date(index + at)),
  },
  'one field of 1 MB among 50,000 small ones': {
    many: 100,
    value: (index) => {
      const list = Array.from({ length: 50_000 }, (_, at) => ({ id: at }));
      list[40_000].note = text(1_000_000, index);
      return list;
    },
  },
  '5 tags each, 100,000 tags': {
    many: 20_000,
    value: (index) => index,
    tags: (index) => Array.from({ length: 5 }, (_, at) => `tag:${index}:${at}`),
  },
  '100 tags of 500 characters each': {
    many: 5_000,
    value: (index) => index,
    tags: (index) => Array.from({ length: 100 }, (_, at) => `${index}:${at}:`.padEnd(500, 'x')),
  },
  'small, with keys of 2,500 characters': {
    many: 60_000,
    value: (index) => index,
    key: (index) => Array.from({ length: 10 }, (_, at) => `${index}:${at}`.padEnd(250, '-')),
  },
};

/** For the quick form. */
export const quickCases = ['strings of 1 MB'];
