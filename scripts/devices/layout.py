"""Writes the one file that the engine maps into memory. Its reader is `enrich/device/file.rs`; numbers are little-endian u32.

    header    magic (8 bytes), format version, number of sections, then (offset, length) a section
    sections  strings, patterns, rules, sets, always, grams, literals, postings, tables, pairs, notice
"""
import struct

MAGIC, VERSION = b"CNDRDEVS", 1
# Flags in the highest bit: of a pattern's length, of where a literal's gram begins.
LOOKS_AROUND = STARTS_WORD = 1 << 31


class Strings:
    """All texts, each once."""

    def __init__(self):
        self.bytes, self.known = bytearray(), {}

    def add(self, text):
        data = text.encode("utf-8") if isinstance(text, str) else text
        if data not in self.known:
            self.known[data] = len(self.bytes)
            self.bytes += data
        return self.known[data], len(data)


def words(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


def gram_of(literal, used):
    """Where the gram (2 to 4 bytes) by which a literal is found begins: the least used one, the later the better."""
    size = min(4, len(literal))
    return min(range(len(literal) - size + 1), key=lambda at: (used.get(literal[at:at + size], 0), -at))


def index(literals, strings):
    """literal → patterns, as three sections: a hash table of grams, the literals behind each, the patterns of each."""
    common = {}
    for literal, _ in literals:
        for size in (2, 3, 4):
            for at in range(len(literal) - size + 1):
                gram = literal[at:at + size]
                common[gram] = common.get(gram, 0) + 1
    by_gram = {}
    for literal, starts in sorted(literals):
        at = gram_of(literal, common)
        by_gram.setdefault(literal[at:at + min(4, len(literal))], []).append((at, literal, starts))
    slots = 1 << (2 * len(by_gram)).bit_length()
    table, records, postings = [None] * slots, bytearray(), []
    for gram, members in sorted(by_gram.items()):
        key, first = int.from_bytes(gram, "little"), len(records) // 20
        for at, literal, starts in members:
            patterns = sorted(literals[literal, starts])
            offset, length = strings.add(literal)
            records += words(offset, length, at | (STARTS_WORD if starts else 0), len(postings), len(patterns))
            postings += patterns
        slot = (key * 0x9E3779B1 & 0xFFFFFFFF) >> 7 & slots - 1
        while table[slot]:
            slot = slot + 1 & slots - 1
        table[slot] = (key, first, len(members))
    return b"".join(words(*(x or (0, 0, 0))) for x in table), bytes(records), words(*postings)


def bitmap(numbers, size):
    bits = bytearray((size + 63) // 64 * 8)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


def save(path, sections):
    head, body = MAGIC + words(VERSION, len(sections)), bytearray()
    start = len(head) + 8 * len(sections)
    for section in sections:
        body += bytes(-(start + len(body)) % 8)
        head += words(start + len(body), len(section))
        body += section
    temporary = path.with_suffix(".new")
    temporary.write_bytes(head + body)
    # A running engine keeps the old file mapped: never write into it.
    temporary.replace(path)
