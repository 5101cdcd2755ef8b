"""What goes wrong in pyarrow, as errors that name the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from lossctl.base.errors import DataError, LossctlError, ResourceError
from lossctl.base.wording import visible


@contextmanager
def reading(name: str, title: str) -> Iterator[None]:
    """Say of which file an error of pyarrow is, and whether the system or the file is to blame."""
    try:
        yield
    except LossctlError:
        raise
    except pa.ArrowMemoryError as error:
        raise ResourceError(
            f"{name}: not enough memory for what it says it holds ({visible(str(error))})",
            "is the file complete and undamaged?",
        ) from None
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise ResourceError(f"{name}: {error.strerror}") from None
        reason = visible(str(error).partition("\n")[0])
        raise DataError(f"not a sound {title} file ({reason})", file=name) from None
