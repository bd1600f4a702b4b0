"""Turns the published device rules into `devices.bin`. Called by scripts/build-devices: build.py PACKAGE-FOLDER OUTPUT-FILE"""
import sys
from pathlib import Path

import layout
import literals
import patterns
import source

NOTICE = """Rules and tables of names: Matomo's device-detector, as published in the PyPI package device-detector {version}.
Copyright Matomo and contributors. Licence: GNU Lesser General Public License, version 3 or later,
https://www.gnu.org/licenses/lgpl-3.0.html. This file is those rules in another form, made by scripts/build-devices;
it is read at run time and may be replaced by one made from other rules.
"""


class Builder:
    def __init__(self):
        self.strings, self.patterns, self.rules, self.always, self.literals = layout.Strings(), [], [], [], {}

    def pattern(self, sequence, rule):
        number = len(self.patterns)
        offset, length = self.strings.add(patterns.write(sequence))
        flag = layout.LOOKS_AROUND if patterns.looks_around(sequence) else 0
        self.patterns.append(layout.words(offset, length | flag, rule))
        texts, starts = literals.required(sequence)
        if not texts:
            self.always.append(number)
        for text in texts:
            self.literals.setdefault((text.encode("utf-8"), starts), set()).add(number)

    def level(self, rules):
        """Adds the rules of one list; answers the range of their patterns and, for each, its number."""
        first, numbers = len(self.patterns), []
        for rule in rules:
            numbers.append(len(self.rules))
            self.rules.append(None)
            tree = patterns.parse(rule.expression)
            uses_groups = "$" in rule.name + rule.value
            for piece in [tree] if uses_groups else patterns.split(tree):
                self.pattern(piece, numbers[-1])
        return (first, len(self.patterns)), numbers

    def add(self, rules):
        """Adds a set with its children. The children's patterns come after the set's own, so that each list is one range."""
        span, numbers = self.level(rules)
        for rule, number in zip(rules, numbers):
            children = self.add(rule.children) if rule.children else (0, 0)
            texts = [x for text in (rule.name, rule.value, rule.detail) for x in self.strings.add(text)]
            self.rules[number] = layout.words(*texts, rule.kind, *children)
        return span


def main():
    package, output = Path(sys.argv[1]), Path(sys.argv[2])
    version = next(package.parent.glob("device_detector-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    builder = Builder()
    sets = [builder.add(rules) for rules in source.sets(package / "regexes/upstream")]
    tables, pairs = [], []
    for table in source.tables(package):
        tables.append((len(pairs), len(table)))
        pairs += [builder.strings.add(key) + builder.strings.add(str(value)) for key, value in sorted(table.items(), key=lambda x: x[0].encode())]
    index = layout.index(builder.literals, builder.strings)
    join = lambda rows: b"".join(layout.words(*row) for row in rows)
    layout.save(output, [
        bytes(builder.strings.bytes), b"".join(builder.patterns), b"".join(builder.rules), join(sets),
        layout.bitmap(builder.always, len(builder.patterns)), *index, join(tables), join(pairs),
        NOTICE.format(version=version).encode(),
    ])
    print(f"{output}: {len(builder.rules)} rules, {len(builder.patterns)} patterns ({len(builder.always)} without a text to look for), "
          f"{len(builder.literals)} texts, {output.stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
