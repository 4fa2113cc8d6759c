"""The bytes of a script to text."""

from __future__ import annotations

from routeros.script.statement import Finding

_LARGEST = 64 * 1024 * 1024
_SAMPLE = 64 * 1024
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_FEW_CONTROLS = 8
_SHARE_OF_CONTROLS = 0.02


def text_of(content: bytes | str) -> tuple[str, list[Finding]]:
    """UTF-8, also UTF-16 with its mark, else the Windows code page 1252; '' for what is no text. Without surrogates."""
    if isinstance(content, str):
        return _checked(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(content.decode("utf-16", "replace"))
    if b"\0" in content or len(content) > _LARGEST:
        return _refused(len(content))
    try:
        return _readable(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    text, findings = _readable(content.decode("cp1252", "surrogateescape"))
    message = "The file is not UTF-8; it is read as Windows code page 1252. Check the accented letters."
    return _latin(text), [Finding(line, message, remark=True), *findings]


def _checked(text: str) -> tuple[str, list[Finding]]:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text_of(text.encode("utf-8", "surrogatepass"))
    if "\0" in text or len(text) > _LARGEST:
        return _refused(len(text))
    return _readable(text.removeprefix("\ufeff"))


def _readable(text: str) -> tuple[str, list[Finding]]:
    sample = text[:_SAMPLE].encode("utf-8", "surrogateescape")
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(_FEW_CONTROLS, len(sample) * _SHARE_OF_CONTROLS):
        return _refused(len(text))
    return text, []


def _refused(size: int) -> tuple[str, list[Finding]]:
    if size > _LARGEST:
        return "", [
            Finding(1, f"This is larger than any export ({_LARGEST >> 20} MB); nothing of it was read.", remark=True)
        ]
    return "", [Finding(1, "This is not text, so no export either; nothing of it was read.", remark=True)]


def _latin(text: str) -> str:
    """The five bytes that the code page leaves open, as the control characters that they are in Latin-1."""
    return text.translate({0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)})
