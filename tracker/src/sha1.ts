// SHA-1 (RFC 3174) of a text's UTF-8 bytes, as hex. Names of cookies and visitor ids depend on it;
// nothing secret does.

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

export function sha1(text: string): string {
  const bytes = [...new TextEncoder().encode(text), 128];
  const words: number[] = [];
  bytes.forEach((byte, i) => { words[i >> 2] |= byte << (24 - (i % 4) * 8); });
  words[((bytes.length + 7) >> 6) * 16 + 15] = (bytes.length - 1) * 8;

  let hash = [0x67452301, ~0x10325476, ~0x67452301, 0x10325476, 0xc3d2e1f0];
  for (let start = 0; start < words.length; start += 16) {
    const w = words.slice(start);
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
  return hash.map((word) => (word + 2 ** 32).toString(16).slice(-8)).join('');
}
