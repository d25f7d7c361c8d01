"""The catalogues of the pages: every message in every language, and those of a host."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, extract
from babel.messages.pofile import read_po
from flask import Flask

from flask_renewal import ConfigurationError
from flask_renewal.entrances.pages.catalogues import OURS, Catalogues
from flask_renewal.ground.folders import TEMPLATES

MakeApp = Callable[..., Flask]
SOURCES = Path(__file__).parents[2] / "src" / "flask_renewal"
ITALIAN = 'msgid "Sign in"\nmsgstr "Accedi"\n\nmsgid "Password"\nmsgstr "Parola"\n'
ARABIC = 'msgid "Sign in"\nmsgstr "تسجيل الدخول"\n'


def messages() -> Iterator[str | tuple[str, ...]]:
    """Return what Python and templates ask to have translated."""
    for path in (*sorted(SOURCES.rglob("*.py")), *sorted(TEMPLATES.glob("*.html"))):
        with path.open("rb") as source:
            method = "python" if path.suffix == ".py" else "jinja2"
            yield from (found[1] for found in extract.extract(method, source))


@pytest.fixture(scope="module")
def asked() -> set[str]:
    return {each if isinstance(each, str) else each[0] for each in messages()}


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.stem)


def said(client, language: str) -> str:
    return client.get("/login", headers={"Accept-Language": language}).text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A host's folder of catalogues, with Italian in it."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "it.po").write_text(ITALIAN)
    return tmp_path / "words"


@pytest.mark.parametrize("file", sorted(OURS.glob("*.po")), ids=lambda file: file.stem)
def test_every_message_is_translated_and_no_other(file: Path, asked: set[str]) -> None:
    kept = {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in catalogue(file) if entry.id}
    assert kept.keys() == asked, "extract and update the catalogues: translations/babel.cfg says how"
    for entry in kept.values():
        assert all([entry.string] if isinstance(entry.string, str) else entry.string), entry.id
        assert not entry.fuzzy
        assert not list(entry.check(catalogue(file)))


def test_we_ship_six_languages() -> None:
    assert Catalogues([], None).names == ("en", "de", "es", "fr", "ja", "zh_Hans")


def test_a_language_of_the_hosts_is_one_file_and_what_it_lacks_is_english(make_app: MakeApp, folder: Path) -> None:
    page = said(make_app(RENEWAL_TRANSLATIONS=str(folder)).test_client(), "it-IT")
    assert '<html lang="it" dir="ltr">' in page
    assert "<h1>Accedi</h1>" in page
    assert "Keep me signed in" in page


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_host_changes_single_words_of_ours(make_app: MakeApp, folder: Path, language: str) -> None:
    (folder / f"{language}.po").write_text('msgid "Sign in"\nmsgstr "Enter"\n')
    page = said(make_app(RENEWAL_TRANSLATIONS=str(folder)).test_client(), language)
    assert "<h1>Enter</h1>" in page
    assert ("Angemeldet bleiben" in page) == (language == "de")


def test_a_folder_is_looked_for_where_the_application_is(make_app: MakeApp) -> None:
    with pytest.raises(ConfigurationError, match=f"there is no catalogue in {SOURCES / 'nowhere'}"):
        make_app(RENEWAL_TRANSLATIONS="nowhere")


def test_a_language_that_is_written_from_the_right_says_so(make_app: MakeApp, folder: Path) -> None:
    (folder / "ar.po").write_text(ARABIC)
    page = said(make_app(RENEWAL_TRANSLATIONS=str(folder)).test_client(), "ar-EG")
    assert page.count('lang="ar" dir="rtl"') == 2


def test_the_languages_can_be_fewer_and_the_first_is_for_everybody_else(make_app: MakeApp) -> None:
    client = make_app(RENEWAL_LANGUAGES=["de", "zh"]).test_client()
    assert [said(client, asked).partition(' lang="')[2][:2] for asked in ("en", "fr", "zh", "de")] == [
        "de",
        "de",
        "zh",
        "de",
    ]


def test_traditional_chinese_of_the_hosts_comes_before_ours(folder: Path) -> None:
    (folder / "zh_Hant.po").write_text(ITALIAN)
    found = map(Catalogues([], folder).find, ("zh-TW", "zh-HK", "zh-CN", "zh", "pt", "x" * 900))
    assert [language and language.name for language in found] == [
        "zh_Hant",
        "zh_Hant",
        "zh_Hans",
        "zh_Hans",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("tag", "names", "chosen"),
    [
        ("zh-Hans-SG", ["zh_Hans", "zh_Hans_SG"], "zh_Hans_SG"),
        ("zh-Hant-TW", ["zh_Hans", "zh_Hant"], "zh_Hant"),
        ("pt-BR", ["pt", "pt_BR"], "pt_BR"),
        ("pt-PT", ["pt_BR", "pt"], "pt"),
        ("pt-PT", ["pt_BR"], "pt_BR"),
    ],
)
def test_of_several_the_one_is_chosen_that_says_most_of_what_is_asked(
    folder: Path, tag: str, names: list[str], chosen: str
) -> None:
    for name in names:
        (folder / f"{name}.po").write_text(ITALIAN)
    language = Catalogues(names, folder).find(tag)
    assert language is not None
    assert language.name == chosen


def test_a_message_may_have_a_percent_sign_and_values_beside_its_number() -> None:
    language = Catalogues([], None).first
    assert language.gettext("100 %") == "100 %"
    assert language.ngettext("%(num)d of %(all)d", "%(num)d of %(all)d", 2, all=3) == "2 of 3"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("klingon.po", "", "klingon.po is named after no language"),
        ("pt.po", 'msgid "a\n', "pt.po cannot be read"),
        ("pt.po", "\xff\xfe", "pt.po cannot be read"),
    ],
    ids=["no language", "no catalogue", "no text"],
)
def test_a_catalogue_that_cannot_be_used_stops_the_start(
    make_app: MakeApp, folder: Path, name: str, content: str, sentence: str
) -> None:
    (folder / name).write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=sentence):
        make_app(RENEWAL_TRANSLATIONS=str(folder))


def test_a_language_without_a_catalogue_stops_the_start(make_app: MakeApp) -> None:
    with pytest.raises(ConfigurationError, match=r"no catalogue for 'it'; there are en, de, es, fr, ja, zh_Hans"):
        make_app(RENEWAL_LANGUAGES=["it"])
