"""What Jenkins' schema of JUnit files demands, in our own words."""

import re
from pathlib import Path
from xml.etree import ElementTree

TIME = re.compile(r"[0-9]*(\.[0-9]{1,3})?")
COUNTS = {"tests", "failures", "errors"}
REQUIRED = {
    "testsuites": set[str](),
    "testsuite": {"name", *COUNTS},
    "testcase": {"name"},
    "failure": set[str](),
    "error": set[str](),
    "system-out": set[str](),
}
OPTIONAL = {
    "testsuites": {"name", "time", *COUNTS},
    "testsuite": {"time", "skipped", "timestamp", "hostname", "id", "package", "file"},
    "testcase": {"time", "classname", "group"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "system-out": set[str](),
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "testcase", "properties"},
    "testcase": {"failure", "error", "skipped", "system-out"},
    "failure": set[str](),
    "error": set[str](),
    "system-out": set[str](),
}


def read(path: Path) -> ElementTree.Element:
    """Return the root of a JUnit file that is as it has to be."""
    root = ElementTree.fromstring(path.read_bytes())
    assert root.tag == "testsuites"
    for element in root.iter():
        given = set(element.attrib)
        assert REQUIRED[element.tag] <= given <= REQUIRED[element.tag] | OPTIONAL[element.tag]
        assert {child.tag for child in element} <= CHILDREN[element.tag]
        assert TIME.fullmatch(element.get("time", "0"))
        for name in COUNTS & given:
            assert element.attrib[name].isdigit()
        if element.tag not in ("failure", "error", "system-out"):  # the others hold no text
            assert not (element.text or "").strip()
    for suite in [root, *root.iter("testsuite")]:
        for name, tag in {"tests": "testcase", "failures": "failure", "errors": "error"}.items():
            assert int(suite.attrib[name]) == len(list(suite.iter(tag)))
    return root
