// SHA-1 (RFC 3174) of a text's UTF-8 bytes, as hex. Names of cookies and visitor ids depend on it;
// nothing secret does.

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

export function sha1(text: string): string {
  const bytes = `${unescape(encodeURIComponent(text))}\x80`;
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i++) words[i >> 2] |= bytes.charCodeAt(i) << (24 - (i % 4) * 8);
  words[((bytes.length + 7) >> 6) * 16 + 15] = (bytes.length - 1) * 8;

  const hash = [0x67452301, ~0x10325476, ~0x67452301, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < words.length; block += 16) {
    const w: number[] = [];
    let [a, b, c, d, e] = hash;
    for (let i = 0; i < 80; i++) {
      const round = Math.floor(i / 20);
      const constant = (Math.sqrt([2, 3, 5, 10][round]) * 2 ** 30) | 0;
      const mix = [d ^ (b & (c ^ d)), b ^ c ^ d, (b & c) | (d & (b | c)), b ^ c ^ d][round];
      w[i] = i < 16 ? words[block + i] | 0 : rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
      [a, b, c, d, e] = [(rotate(a, 5) + mix + e + w[i] + constant) | 0, a, rotate(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, i) => { hash[i] += word; });
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
