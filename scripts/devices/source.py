"""Reads the published rules: YAML files and the literal tables beside them. Nothing of the package is executed."""
import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

TYPES = ["desktop", "smartphone", "tablet", "feature phone", "console", "tv", "car browser", "smart display", "camera",
         "portable media player", "phablet", "smart speaker", "wearable", "peripheral"]
TYPE_UNKNOWN = 255

# The sets in the order of the file; `candor-collect` names them in `enrich/device/file.rs`.
CLIENTS = ["client/feed_readers", "client/mobile_apps", "client/mediaplayers", "client/pim", "client/browsers", "client/libraries"]
DEVICES = ["device/televisions", "device/shell_tv", "device/notebooks", "device/consoles", "device/car_browsers", "device/cameras",
           "device/portable_media_player", "device/mobiles"]


@dataclass
class Rule:
    """One rule: an expression and what it says. `name` and `value` may use groups as `$1`."""
    expression: str
    name: str
    value: str = ""
    detail: str = ""
    kind: int = TYPE_UNKNOWN
    children: list = field(default_factory=list)


def template(text):
    return re.sub(r"\\g<(\d)>", r"$\1", str(text or ""))


def engine(data):
    """`WebKit|28=Blink`: the engine, and from which version of the browser it is another."""
    data = data or {}
    later = sorted((data.get("versions") or {}).items(), key=lambda x: [int(n) for n in str(x[0]).split(".")])
    return "|".join([str(data.get("default") or "")] + [f"{version}={name}" for version, name in later])


def named(entry):
    """A rule of a list: bots, systems, clients."""
    children = [Rule(x["regex"], template(x.get("name")), template(x.get("version"))) for x in entry.get("versions") or []]
    return Rule(entry["regex"], template(entry["name"]), template(entry.get("version")), engine(entry.get("engine")), children=children)


def device(brand, entry):
    """A rule of a table of brands."""
    kind = lambda x: TYPES.index(x["device"]) if x.get("device") in TYPES else TYPE_UNKNOWN
    children = [Rule(x["regex"], template(x.get("brand")), template(x.get("model")), kind=kind(x)) for x in entry.get("models") or []]
    return Rule(entry["regex"], str(brand), template(entry.get("model")), kind=kind(entry), children=children)


def sets(folder):
    """All sets of rules, in the order of the file."""
    load = lambda name: yaml.load((folder / f"{name}.yml").read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found = [[named(x) for x in load(name)] for name in ["bots", "oss", *CLIENTS, "client/browser_engine"]]
    found += [[device(brand, entry) for brand, entry in load(name).items()] for name in DEVICES]
    # A vendor's mark ends where letters and digits end.
    found.append([Rule(f"(?:{mark})[^a-z0-9]+", brand) for brand, marks in load("vendorfragments").items() for mark in marks])
    return found


def constants(path):
    """The module's assignments that are plain literals."""
    values = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                pass
    return values


def lower(name):
    """Lower case of ASCII only, like the engine."""
    return "".join(x.lower() if x.isascii() else x for x in name)


def fuzzy(name):
    """How names in hints are compared: without case and blanks. The engine has the same function."""
    return lower(name).replace(" ", "")


def codes(names):
    """{code: name} → {name in both spellings: code}. A name as such wins over one that is only alike."""
    return {fuzzy(name): code for code, name in reversed(names.items())} | {lower(name): code for code, name in names.items()}


def turned(groups):
    """{family: [codes]} → {code: family}"""
    return {code: family for family, codes in groups.items() for code in codes}


def tables(package):
    """All tables of codes, in the order of the file."""
    words, brands = constants(package / "parser/settings.py"), constants(package / "parser/device/base.py")["DEVICE_BRANDS"]
    hints = lambda name: yaml.safe_load((package / f"regexes/upstream/client/hints/{name}.yml").read_text(encoding="utf-8"))
    flags = lambda names: {name: "" for name in names}
    # Where the names differ from what clients call themselves in hints.
    aliases = lambda groups: {fuzzy(alias): name for name, list_ in groups.items() for alias in list_}
    systems, browsers = words["OPERATING_SYSTEMS"], words["AVAILABLE_BROWSERS"]
    return [
        systems, codes(systems), turned(words["OS_FAMILIES"]), aliases(words["OS_CLIENT_HINT_MAPPING"]),
        browsers, codes(browsers), turned(words["BROWSER_FAMILIES"]), aliases(words["APP_TO_CLIENT_HINT_MAPPING"]),
        flags(words["MOBILE_ONLY_BROWSERS"]), flags(words["TV_CLIENTS"]), flags(words["DESKTOP_OS"]), flags(words["ANDROID_APPS"]),
        words["FIREOS_VERSION_MAPPING"], words["LINEAGEOS_VERSION_MAPPING"], hints("apps"), hints("browsers"),
        {name: code for code, name in brands.items()},
    ]
