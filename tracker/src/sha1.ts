// SHA-1 (RFC 3174) of a text's UTF-8 bytes, as hex. Names of cookies and visitor ids depend on it;
// nothing secret does.

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

export function sha1(text: string): string {
  const bytes = `${unescape(encodeURIComponent(text))}\x80`;
  const words: number[] = [];
  for (let i = 0; i < bytes.length; i++) words[i >> 2] |= bytes.charCodeAt(i) << (24 - (i % 4) * 8);
  words[((bytes.length + 7) >> 6) * 16 + 15] = (bytes.length - 1) * 8;

  let hash = [0x67452301, ~0x10325476, ~0x67452301, 0x10325476, 0xc3d2e1f0];
  while (words.length) {
    const w = words.splice(0, 16);
    let state = hash;
    for (let i = 0; i < 80; i++) {
      const [a, b, c, d, e] = state;
      const parity = b ^ c ^ d;
      const [mix, root] = [[d ^ (b & (c ^ d)), 2], [parity, 3], [(b & c) | (d & (b | c)), 5], [parity, 10]][(i / 20) | 0];
      if (i > 15) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
      state = [(rotate(a, 5) + mix + e + (w[i] | 0) + ((Math.sqrt(root) * 2 ** 30) | 0)) | 0, a, rotate(b, 30), c, d];
    }
    hash = hash.map((word, i) => (word + state[i]) | 0);
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
