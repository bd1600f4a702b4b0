"""Regular expressions of the rules: parse, take apart, write down again for the Rust engine.

A rule's expression is often one alternation of hundreds of models. Where only *whether* it matches matters
(no group is used), it is taken apart into its alternatives: each is small, quick to compile and has
telling literals of its own, and the few that look around don't slow the rest down.
"""
from re import _constants as c, _parser as parser

# Splitting stops here; what is left stays one pattern.
PIECES_MAX = 4000
# An alternation is worth splitting from this many literal characters on.
WEIGHT_MIN = 12

CATEGORIES = {c.CATEGORY_DIGIT: "0-9", c.CATEGORY_WORD: "0-9A-Za-z_", c.CATEGORY_SPACE: r" \t\n\r\f\x0b"}
ASSERTIONS = {(c.ASSERT, 1): "(?=", (c.ASSERT, -1): "(?<=", (c.ASSERT_NOT, 1): "(?!", (c.ASSERT_NOT, -1): "(?<!"}
PLACES = {c.AT_BEGINNING: "^", c.AT_END: "$", c.AT_BOUNDARY: r"\b"}


def parse(expression):
    """The expression as a list of (operation, argument)."""
    return list(parser.parse(expression))


def weight(sequence):
    """How many literal characters a tree holds."""
    total = 0
    for op, arg in sequence:
        if op is c.LITERAL:
            total += 1
        elif op is c.BRANCH:
            total += sum(map(weight, arg[1]))
        elif op is c.SUBPATTERN:
            total += weight(arg[3])
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT):
            total += weight(arg[2])
    return total


def branches(op, arg):
    """The alternatives of an alternation, bare or in a group; None for anything else."""
    if op is c.BRANCH:
        return arg[1]
    if op is c.SUBPATTERN and len(arg[3]) == 1 and arg[3][0][0] is c.BRANCH:
        return arg[3][0][1][1]
    return None


def split(sequence, room=PIECES_MAX):
    """Sequences that together match what this one matches. Groups lose their numbers."""
    best, heaviest = None, WEIGHT_MIN - 1
    for at, (op, arg) in enumerate(sequence):
        if branches(op, arg) and weight([(op, arg)]) > heaviest:
            best, heaviest = at, weight([(op, arg)])
    if best is None:
        return [sequence]
    alternatives = branches(*sequence[best])
    if len(alternatives) > room:
        return [sequence]
    pieces = []
    for alternative in alternatives:
        whole = list(sequence[:best]) + list(alternative) + list(sequence[best + 1:])
        pieces += split(whole, room - len(pieces) - len(alternatives))
    return pieces


def looks_around(sequence):
    """Whether it needs an engine with look-around."""
    for op, arg in sequence:
        inner = {c.BRANCH: lambda: any(map(looks_around, arg[1])), c.SUBPATTERN: lambda: looks_around(arg[3]),
                 c.MAX_REPEAT: lambda: looks_around(arg[2]), c.MIN_REPEAT: lambda: looks_around(arg[2])}
        if op in (c.ASSERT, c.ASSERT_NOT) or op in inner and inner[op]():
            return True
    return False


def literal(code):
    char = chr(code)
    if char.isalnum() or ord(char) > 127 or char in " _/,;:!'\"%@=<>":
        return char
    return "\\" + char if char.isprintable() else f"\\x{code:02x}"


def member(code):
    return "\\" + chr(code) if chr(code) in r"\]^[-&~" else literal(code)


def charset(items):
    negated = bool(items) and items[0][0] is c.NEGATE
    text = ""
    for op, arg in items[negated:]:
        if op is c.LITERAL:
            text += member(arg)
        elif op is c.RANGE:
            text += f"{member(arg[0])}-{member(arg[1])}"
        else:
            text += CATEGORIES[arg]
    return f"[{'^' if negated else ''}{text}]"


def repeat(op, arg):
    low, high, inner = arg
    count = {(0, 1): "?", (0, c.MAXREPEAT): "*", (1, c.MAXREPEAT): "+"}.get((low, high))
    if count is None:
        count = f"{{{low}}}" if low == high else f"{{{low},{'' if high == c.MAXREPEAT else high}}}"
    body = write(inner)
    single = len(inner) == 1 and inner[0][0] in (c.LITERAL, c.IN, c.ANY, c.NOT_LITERAL, c.SUBPATTERN)
    return (body if single else f"(?:{body})") + count + ("?" if op is c.MIN_REPEAT else "")


def write(sequence):
    """The text of a tree. ASCII meaning of classes is spelt out, so that every engine agrees."""
    text = ""
    for op, arg in sequence:
        if op is c.LITERAL:
            text += literal(arg)
        elif op is c.NOT_LITERAL:
            text += f"[^{member(arg)}]"
        elif op is c.ANY:
            text += "."
        elif op is c.IN:
            text += charset(arg)
        elif op is c.AT:
            text += PLACES[arg]
        elif op is c.BRANCH:
            text += f"(?:{'|'.join(map(write, arg[1]))})"
        elif op is c.SUBPATTERN:
            text += ("(?:" if arg[0] is None else "(") + write(arg[3]) + ")"
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT):
            text += repeat(op, arg)
        elif op in (c.ASSERT, c.ASSERT_NOT):
            text += ASSERTIONS[op, arg[0]] + write(arg[1]) + ")"
        else:
            raise ValueError(f"the expression uses {op}, which the engine does not know: extend scripts/devices/patterns.py")
    return text
