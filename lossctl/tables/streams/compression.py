"""Compressed streams: decompressed as they are read, in bounded memory and to a verified end."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from lossctl.base.errors import DataError, LossctlError, ResourceError
from lossctl.base.registry import require_package
from lossctl.tables import magics
from lossctl.tables.streams.source import Source

if TYPE_CHECKING:
    from lossctl.tables.streams.stream import Stream

FREE_OUTPUT = 128 << 20
"""So many bytes may come out of any number of compressed ones."""
LARGEST_RATIO = 500
_INPUT = 1 << 16
_OUTPUT = 1 << 18
_XZ_MEMORY = 256 << 20  # `xz -9` asks for 65 MiB; zstd has a limit of its own, 128 MiB
UNLIMITED = "pass --unlimited if that is right"


class Decoder(Protocol):
    """What bz2, lzma and zstd have in common: it decodes one member of a stream."""

    @property
    def eof(self) -> bool:
        """Whether the member was decoded to its end, and its checksum is right."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out until something is put in."""

    @property
    def unused_data(self) -> bytes:
        """What was put in but lies behind the end of the member."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return up to `max_length` decoded bytes."""


class Codec(NamedTuple):
    """How a member is decoded, and what is raised if it cannot be."""

    decoder: Callable[[], Decoder]
    error: type[Exception]
    quick: "Codec | None" = None
    """Another one that is quicker, for files: where it finds fault, this one decides."""


class Compression(NamedTuple):
    """One entry of the table of compressions; `load(limited)` imports what decodes it."""

    title: str
    load: Callable[[bool], Codec]
    magics: tuple[bytes, ...] = ()
    """What each member starts with; if it may be anything, there is only one member."""
    extra: str | None = None
    """The extra of lossctl that installs what decodes it."""


class _Inflate:
    """zlib's decompressor with the interface that the others have."""

    def __init__(self, window_bits: int) -> None:
        import zlib

        self._inflate = zlib.decompressobj(window_bits)
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int) -> bytes:
        output = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        # Where there was no room for more, more may come, even if all of the input was taken.
        self.needs_input = len(output) < max_length
        return output

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data


def _inflate(window_bits: int, limited: bool) -> Codec:
    import zlib

    return Codec(partial(_Inflate, window_bits), zlib.error)


def _gzip(limited: bool) -> Codec:
    codec = _inflate(31, limited)
    try:
        from lossctl.tables.streams.igzip import Igzip, Unsound
    except ImportError:
        return codec
    return codec._replace(quick=Codec(Igzip, Unsound))


def _bzip2(limited: bool) -> Codec:
    import bz2

    return Codec(bz2.BZ2Decompressor, OSError)


def _xz(limited: bool) -> Codec:
    import lzma

    memory = _XZ_MEMORY if limited else None
    return Codec(partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, memory), lzma.LZMAError)


def _zstd(limited: bool) -> Codec:
    zstd = _import_zstd()
    largest = zstd.DecompressionParameter.window_log_max
    options = {} if limited else {largest: largest.bounds()[1]}
    return Codec(partial(zstd.ZstdDecompressor, options=options), zstd.ZstdError)


def _import_zstd() -> Any:
    from importlib import import_module

    try:
        return import_module("compression.zstd")  # Python 3.14
    except ImportError:
        return import_module("backports.zstd")


DEFLATE = Compression("deflate", partial(_inflate, -15))
COMPRESSIONS = {
    ".gz": Compression("gzip", _gzip, (magics.GZIP,)),
    ".bz2": Compression("bzip2", _bzip2, magics.BZIP2),
    ".xz": Compression("xz", _xz, (magics.XZ,)),
    ".zst": Compression("zstd", _zstd, (magics.ZSTD, *magics.ZSTD_SKIPPED), "zstd"),
}
"""By extension."""


def refuse_bomb(name: str, compressed: int, expanded: int) -> None:
    """Raise ResourceError if a few bytes become more than anybody can have meant."""
    if expanded > FREE_OUTPUT and expanded > LARGEST_RATIO * compressed:
        raise ResourceError(
            f"{name}: {compressed} compressed bytes become {expanded} or more,"
            f" over {LARGEST_RATIO} times as many",
            UNLIMITED,
        )


class Decompressed:
    """The content of a compressed stream; its members, one after another, are one content.

    Raises ResourceError if what decompresses it is not installed.
    """

    size: int | None = None

    def __init__(self, stream: "Stream", kind: Compression, limited: bool = True) -> None:
        self.name = stream.name
        self._stream = stream
        self._kind = kind
        self._limited = limited
        self._consumed = self._produced = 0
        self._held = b""
        """What was read of the stream and not yet given to a decoder."""
        self._decoder: Decoder | None = None
        self._started = False
        try:
            self._judge = self._codec = kind.load(limited)
        except ImportError:
            message = f"{self.name}: this Python cannot decompress {kind.title}"
            if kind.extra is not None:
                require_package(kind.extra, message)
            raise ResourceError(message) from None
        if self._codec.quick is not None and isinstance(stream, Source) and stream.size is not None:
            self._codec = self._codec.quick
        self._member = 0, 0
        """How much was consumed and produced before the member."""

    @property
    def source(self) -> Source:
        """The file that its bytes are from."""
        return self._stream.source

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, at least one before the end; b"" at a verified end only.

        Raises DataError for what is damaged, and ResourceError for what expands too much.
        """
        if size < 1:
            raise ValueError("read one byte or more")  # zlib takes 0 for no limit, bz2 takes -1
        while decoder := self._decoder or self._next_decoder():
            if output := self._decode(decoder, min(size, _OUTPUT)):
                return output
        return b""

    def progress(self) -> float | None:
        """Return what part of the compressed file was read."""
        return self._stream.progress()

    def close(self) -> None:
        """Close the compressed stream; raise ResourceError if it changed while it was read."""
        self._stream.close()

    def _next_decoder(self) -> Decoder | None:
        """Return a decoder for the member that starts here; None at the end."""
        longest = max(map(len, self._kind.magics), default=1)
        while len(self._held) < longest and (more := self._take()):
            self._held += more
        if not self._held and self._started:
            return None
        self._refuse_other_content(self._held[:longest])
        self._started = True
        self._member = self._consumed - len(self._held), self._produced
        self._decoder = self._codec.decoder()
        return self._decoder

    def _refuse_other_content(self, head: bytes) -> None:
        title, magics = self._kind.title, self._kind.magics
        if not head:
            raise DataError("the file is empty", file=self.name)
        if head.startswith(magics or (b"" if not self._started else ())):
            return
        if any(magic.startswith(head) for magic in magics):
            raise self._truncated()
        if self._started:
            raise DataError(f"followed by something that is not {title}", file=self.name)
        raise DataError(
            f"not {title}, though its name says so",
            "its content contradicts its name",
            file=self.name,
        )

    def _decode(self, decoder: Decoder, size: int) -> bytes:
        data, self._held = self._held, b""
        if not data and decoder.needs_input:
            data = self._take()
            if not data:
                return self._faulty(self._truncated())
        try:
            output = decoder.decompress(data, size)
        except self._codec.error as error:
            return self._faulty(self._undecodable(error))
        self._produced += len(output)
        if self._limited:
            refuse_bomb(self.name, self._consumed, self._produced)
        if decoder.eof:
            self._held, self._decoder = decoder.unused_data, None
        return output

    def _faulty(self, error: LossctlError) -> bytes:
        """Raise an error of the decoder that decides; if it is another's, let that one go on.

        It reads the member again, as far as it was read.
        """
        if self._codec is self._judge:
            raise error from None
        self._codec, (start, produced) = self._judge, self._member
        self.source.seek(start)
        self._consumed, self._held = start, b""
        left, self._produced = self._produced - produced, produced
        self._decoder = decoder = self._codec.decoder()
        while left and decoder is self._decoder:
            left -= len(self._decode(decoder, min(left, _OUTPUT)))
        return b""

    def _take(self) -> bytes:
        data = self._stream.read(_INPUT)
        self._consumed += len(data)
        return data

    def _truncated(self) -> DataError:
        return DataError(f"the {self._kind.title} data is truncated", file=self.name)

    def _undecodable(self, error: Exception) -> DataError | ResourceError:
        title = self._kind.title
        if "memory" in str(error).lower():  # the limit of lzma or zstd; they have no code for it
            return ResourceError(
                f"{self.name}: the {title} data needs a window of too much memory", UNLIMITED
            )
        reason = str(error).rpartition(": ")[2]
        return DataError(f"the {title} data is damaged ({reason})", file=self.name)
