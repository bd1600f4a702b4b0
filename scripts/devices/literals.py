"""Which texts must occur in anything that an expression matches: the engine tries an expression only when
one of its texts is in the user agent. Lower case, as the engine compares."""
from re import _constants as c

# More texts than this for one expression are not worth their place in the index.
CLAUSE_MAX = 48
# Texts are cut to this length; longer ones tell no more.
LENGTH_MAX = 24
# What nearly every user agent contains tells nothing.
COMMON = "\n".join([
    "mozilla/5.0 (linux; android 10; k build/ab1a.200101.001; wv) applewebkit/537.36 (khtml, like gecko) version/4.0 "
    "chrome/100.0.0.0 mobile safari/537.36",
    "mozilla/5.0 (windows nt 10.0; win64; x64; rv:109.0) gecko/20100101 firefox/115.0",
    "mozilla/5.0 (iphone; cpu iphone os 17_0 like mac os x) applewebkit/605.1.15 (khtml, like gecko) mobile/15e148",
    "mozilla/5.0 (macintosh; intel mac os x 10_15_7) android 11; android 12; android 13; android 14; android 9; u; ",
    "mozilla/5.0 (compatible; dalvik/2.1.0 smart-tv; tizen smarttv; u; en-us; " + " ".join(f"android {x}." for x in range(1, 10)),
])


def lower(text):
    """Lower case of ASCII only, like the engine."""
    return "".join(x.lower() if x.isascii() else x for x in text)


def is_common(text, starts):
    if not starts:
        return text in COMMON
    at = COMMON.find(text)
    while at > 0 and COMMON[at - 1].isalnum():
        at = COMMON.find(text, at + 1)
    return at >= 0


def cost(clause, starts=False):
    """How often, roughly, a user agent contains one of the texts (where a word starts) for no good reason."""
    return sum(1.0 if is_common(text, starts) else 8.0 ** (1 - len(text) - starts) for text in clause)


class Known:
    """What is known of a part: `exact`, all texts it can match (None: too many); `need`, texts of which one must occur."""

    def __init__(self, exact, need=None):
        self.exact, self.need = exact, need

    def clause(self):
        options = [x for x in (self.exact, self.need) if x and "" not in x]
        return min(options, key=cost, default=None)


ANYTHING = Known(None)
NOTHING = Known({""})


def charset(items):
    if items[0][0] is c.NEGATE:
        return ANYTHING
    chars = set()
    for op, arg in items:
        if op is c.LITERAL:
            chars.add(lower(chr(arg)))
        elif op is c.RANGE and arg[1] - arg[0] < 16:
            chars |= {lower(chr(x)) for x in range(arg[0], arg[1] + 1)}
        elif op is c.CATEGORY and arg is c.CATEGORY_DIGIT:
            chars |= set("0123456789")
        else:
            return ANYTHING
    return Known(chars)


def branch(parts):
    parts = [known(x) for x in parts]
    exact = set().union(*(x.exact for x in parts)) if all(x.exact is not None for x in parts) else None
    clauses = [x.clause() for x in parts]
    need = set().union(*clauses) if all(clauses) else None
    return Known(exact if exact and len(exact) <= CLAUSE_MAX else None, need if need and len(need) <= 40 * CLAUSE_MAX else None)


def repeat(low, high, inner):
    part = known(inner)
    if low == 0:
        return Known(part.exact | {""}) if high == 1 and part.exact is not None else ANYTHING
    if low == high and low <= 6:
        return known(list(inner) * low)
    return Known(None, part.clause())


def element(op, arg):
    if op is c.LITERAL:
        return Known({lower(chr(arg))})
    if op is c.IN:
        return charset(arg)
    if op in (c.AT, c.ASSERT, c.ASSERT_NOT):
        return NOTHING
    if op is c.SUBPATTERN:
        return known(arg[3])
    if op is c.BRANCH:
        return branch(arg[1])
    if op in (c.MAX_REPEAT, c.MIN_REPEAT):
        return repeat(arg[0], arg[1], list(arg[2]))
    return ANYTHING


def unrolled(sequence):
    """Repetitions as their certain part, then the rest."""
    for op, arg in sequence:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT) and arg[0] > 0 and arg[1] != arg[0]:
            yield from list(arg[2]) * min(arg[0], 3)
            yield op, (0, arg[1], arg[2])
        else:
            yield op, arg


def runs(sequence):
    """All texts of the sequence when they are few (or None), and what must occur: pairs of texts and whether
    they must stand at its start. Neighbours whose texts are all known grow into longer texts."""
    whole, run, needs = True, {""}, []

    def flush():
        if "" not in run:
            needs.append((frozenset(x[:LENGTH_MAX] for x in run), whole))

    for op, arg in unrolled(sequence):
        part = element(op, arg)
        joined = {a + b for a in run for b in part.exact} if part.exact is not None and len(run) * len(part.exact) <= 4 * CLAUSE_MAX else None
        if joined is not None and len(joined) <= CLAUSE_MAX:
            run = joined
            continue
        flush()
        whole = False
        if part.clause():
            needs.append((frozenset(part.clause()), False))
        run = part.exact if part.exact is not None and len(part.exact) <= CLAUSE_MAX else {""}
    flush()
    return run if whole else None, needs


def known(sequence):
    exact, needs = runs(sequence)
    clauses = [clause for clause, _ in needs]
    return Known(exact, None if exact or not clauses else set(min(clauses, key=cost)))


def required(sequence):
    """Texts of which one must occur, and whether where a word starts; none when there are none worth looking for."""
    needs = [(clause, starts) for clause, starts in runs(sequence)[1] if all(len(x) > 1 for x in clause)]
    if not needs:
        return set(), False
    clause, starts = min(needs, key=lambda x: cost(*x))
    contains = (lambda x, y: x.startswith(y)) if starts else (lambda x, y: y in x)
    return {x for x in clause if not any(y != x and contains(x, y) for y in clause)}, starts
