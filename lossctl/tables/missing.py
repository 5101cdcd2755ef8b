"""What tools write where a value is missing, and spreadsheets where a formula has failed."""

from __future__ import annotations

import re

_WORDS = {"", "na", "n/a", "<na>", "nan", "null", "none"}
"""Of pandas, R, SQL, Python and everybody; all in lower case and without spaces around them."""
_WORDS |= {"missing", "<missing>"}
"""Of Julia and MATLAB."""
_WORDS |= {r"\n"}
r"""\N, of MySQL and PostgreSQL."""
_WORDS |= {"#n/a", "#na", "#n/a n/a"}
"""Of spreadsheets, whose formula had no value there, and of pandas and Bloomberg."""
_WORDS |= {"#nv", "#n/d", "#n/d!", "#n/b", "#i/t", "#yok", "#н/д"}
"""The same in German; Spanish, Italian, Portuguese; Polish; Dutch; Danish; Turkish; Russian."""
_WORDS |= {"#saknas!", "#puuttuu!", "#hiányzik", "#není_k_dispozici"}
"""The same in Swedish, Finnish, Hungarian, Czech."""

_NOT_A_NUMBER = r"[+-]?(?:nan(?:\((?:ind|qnan|snan|0x[0-9a-f]++)\))?|1\.#(?:qnan|snan|ind)0*+)"
"""As C writes it, on Windows -nan(ind) and 1.#QNAN; in lower case."""
_OF_STATISTICS = r"\.[a-z_]?"
"""What SAS and Stata write: a point, and with a letter their special missing values."""
_FAILED = r"#[¡¿]?[^\W\d_](?:\w|[/. ])*+[!?]|#GETTING_DATA|#{3,}+|ERR:[0-9]{3}"
"""An error of a spreadsheet in any language: #DIV/0!, #WERT!, #¿NOMBRE?; ### where a column was too
narrow for its number; Err:502 of LibreOffice."""
_LONGEST = 40
"""Nothing that is looked for here has more characters."""


def is_missing(text: str) -> bool:
    """Return whether a cell stands for a missing value."""
    bare = text.strip(" ")
    if len(bare) > _LONGEST:
        return False
    bare = bare.lower()
    if bare in _WORDS:
        return True
    if "nan" in bare or "#" in bare:
        return re.fullmatch(_NOT_A_NUMBER, bare) is not None
    return bare[0] == "." and re.fullmatch(_OF_STATISTICS, bare) is not None


def is_failed_formula(text: str) -> bool:
    """Return whether a cell is an error of a spreadsheet; one without a value is missing."""
    bare = text.strip(" ")
    if not bare.startswith(("#", "Err:")) or len(bare) > _LONGEST or is_missing(bare):
        return False
    bare = bare.replace("Err:", "ERR:")
    return bare.upper() == bare and re.fullmatch(_FAILED, bare) is not None


def starts_with_failure(line: str) -> bool:
    """Return whether the first cell of a line is what spreadsheets write where there is no value.

    So it starts with #, but is no comment, whatever the delimiter.
    """
    if not line.startswith(("#", '"#')):
        return False
    cell = re.split(r"[,;\t|\r\n]", line[: 2 * _LONGEST], maxsplit=1)[0].strip('" ')
    return any(is_missing(text) or is_failed_formula(text) for text in (cell, cell.split(" ")[0]))
