"""The catalogues of the pages: one file for a language, ours and the host's, whose words come first."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

from ...ground.errors import ConfigurationError

OURS = Path(__file__).parent / "translations"
SOURCE = "en"
"""The language of the messages themselves, which needs no catalogue."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """A language, and the messages in it."""

    name: str
    """As ``zh_Hans``."""
    locale: Locale
    messages: NullTranslations

    def gettext(self, message: str, **values: object) -> str:
        """Return a message."""
        words = self.messages.gettext(message)
        return words % values if values else words

    def ngettext(self, singular: str, plural: str, num: int, **values: object) -> str:
        """Return the form of a message for a number, which it may name as ``num``."""
        return self.messages.ngettext(singular, plural, num) % {"num": num, **values}


class Catalogues:
    """The languages that the pages of one application speak."""

    def __init__(self, languages: Sequence[str], folder: Path | None) -> None:
        """Find the catalogues; raises `ConfigurationError` for a folder, file or language that cannot be used."""
        self._files: dict[str, list[Path]] = {SOURCE: []}
        for place in (folder, OURS) if folder is not None else (OURS,):
            for file in _files_of(place):
                self._files.setdefault(file.stem, []).append(file)
        every = [SOURCE, *sorted(self._files.keys() - {SOURCE})]
        self.names = tuple(_found(language, every) for language in languages) or tuple(every)
        self._languages = {
            name: Language(name=name, locale=Locale.parse(name), messages=_merged(self._files[name]))
            for name in self.names
        }
        self.first = self._languages[self.names[0]]
        """For whoever reads none of them."""

    def find(self, tag: str) -> Language | None:
        """Return the language that comes next to a tag such as ``de-AT``; ``None`` where none does."""
        name = _nearest(tag, self.names)
        return None if name is None else self._languages[name]


def _files_of(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.po"))
    if not files:
        raise ConfigurationError(
            f"RENEWAL_TRANSLATIONS: there is no catalogue in {folder}; put one there, such as it.po."
        )
    for file in files:
        if _parsed(file.stem) is None:
            raise ConfigurationError(
                f"RENEWAL_TRANSLATIONS: {file} is named after no language; name it as de.po or pt_BR.po."
            )
    return files


def _found(language: str, names: Sequence[str]) -> str:
    name = _nearest(language, tuple(names))
    if name is None:
        raise ConfigurationError(
            f"RENEWAL_LANGUAGES: there is no catalogue for {language!r}; there are {', '.join(names)}."
            " RENEWAL_TRANSLATIONS names a folder with more."
        )
    return name


def _merged(files: Sequence[Path]) -> NullTranslations:
    """Return the messages of all files; what an earlier one says counts."""
    merged = NullTranslations()
    for file in reversed(files):
        messages = _read(file)
        messages.add_fallback(merged)
        merged = messages
    return merged


@lru_cache(maxsize=64)
def _compiled(file: Path, _changed: int) -> bytes:
    compiled = io.BytesIO()
    try:
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=file.stem, abort_invalid=True))
    except (PoFileError, ValueError, OSError) as error:
        raise ConfigurationError(f"RENEWAL_TRANSLATIONS: {file} cannot be read: {error}") from error
    return compiled.getvalue()


def _read(file: Path) -> NullTranslations:
    return Translations(io.BytesIO(_compiled(file, file.stat().st_mtime_ns)))


def _parsed(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None


@lru_cache(maxsize=1024)
def _nearest(tag: str, names: tuple[str, ...]) -> str | None:
    """Return the name that says most of what a tag says; any of the same language before none."""
    asked = _parsed(tag)
    if asked is None:
        return None
    language, script, territory = asked.language, asked.script, asked.territory
    wanted = [(language, script, territory), (language, script), (language, territory), (language,)]
    chain = ["_".join(part for part in parts if part) for parts in wanted]
    spoken = [name for name in names if name.partition("_")[0] == language]
    return next((name for name in chain if name in names), spoken[0] if spoken else None)
