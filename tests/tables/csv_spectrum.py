"""Compare what lossctl reads with csv-spectrum.

Run it by `PYTHONPATH=tests python tests/tables/csv_spectrum.py FOLDER_OF_A_CLONE`.

csv-spectrum (github.com/max-mapper/csv-spectrum) is a table in a CSV file and the same in JSON, for
each oddity. It is not copied here; `test_vectors.py` has a case of our own for each of its files.
"""

import json
import sys
from pathlib import Path

from test_vectors import rows_of

from lossctl.base.errors import DataError

# The JSON of this one is of another phone number than its CSV, and its cells hold quotation marks
# without being quoted, which lossctl refuses.
REFUSED = {"location_coordinates"}


def matches(path: Path) -> bool:
    """Return whether every cell of a file is that of its JSON, line ends in newlines."""
    try:
        header, *rows = rows_of(path)
    except DataError:
        return path.stem in REFUSED
    expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_bytes())
    found = [dict(zip(header, row, strict=True)) for row in rows]
    return found == [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in expected]


def main() -> None:
    """Print a line for each file; exit 1 if one differs."""
    paths = sorted(Path(sys.argv[1], "csvs").glob("*.csv"))
    verdicts = {path: matches(path) for path in paths}
    for path, verdict in verdicts.items():
        word = "refused" if path.stem in REFUSED else "the same"
        print(f"{path.name:<28} {word if verdict else 'DIFFERENT'}")
    sys.exit(not paths or not all(verdicts.values()))


if __name__ == "__main__":
    main()
