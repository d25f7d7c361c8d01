"""Which of the places for keys an application uses: its settings, a folder of PEM files, or the key file."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ....ground.errors import ConfigurationError
from ....settings import Settings
from .key_file import KeyFile
from .ring import KeyRing, Keys, Source
from .signing_key import SigningKey, algorithm_of, derive, encode, from_pem, shared


def open_ring(settings: Settings, folder: Path, *, now: Callable[[], float]) -> KeyRing:
    """Return the ring that the settings ask for; make the key file in `folder` if it is needed and missing.

    `now` tells the time by which keys age, in Unix seconds. Raises `ConfigurationError` where a key and its algorithm
    do not go together, or the keys cannot be read.
    """
    secrets = {encode(derive(secret, "refresh token id"))[:8]: secret for secret in settings.refresh_secrets}
    return KeyRing(_source(settings, folder, now), refresh=secrets)


def _source(settings: Settings, folder: Path, now: Callable[[], float]) -> Source:
    if settings.secret_keys:
        return Given(_shared_keys(settings.secret_keys, settings.algorithm or "HS256"))
    if settings.private_keys:
        return Given(_private_keys(settings.private_keys, settings.algorithm or "ES256"))
    if settings.key_folder is not None:
        return KeyFolder(Path(settings.key_folder), rsa=settings.algorithm or "RS256")
    if settings.algorithm not in (None, "ES256"):
        raise ConfigurationError(
            f"JWT_ALGORITHM = {settings.algorithm!r} has no key; set JWT_SECRET_KEY or JWT_PRIVATE_KEY to one that"
            " goes with it, or leave JWT_ALGORITHM unset to sign with the key file, whose keys bring their own."
        )
    token_life = int((settings.access_life + settings.leeway).total_seconds())
    rotation = None if settings.key_rotation is None else int(settings.key_rotation.total_seconds())
    file = KeyFile(folder, token_life=token_life, rotation=rotation, now=now)
    file.begin()
    return file


class Given(Source):
    """Keys that the settings give, which stay as they are."""

    def __init__(self, keys: Iterable[SigningKey]) -> None:
        self._keys = _keys(keys)

    def version(self) -> object:
        """Return ``None``: there is no other."""
        return None

    def load(self) -> Keys:
        """Return the keys."""
        return self._keys


class KeyFolder(Source):
    """A folder of private keys in PEM: the last by name signs, all verify."""

    def __init__(self, folder: Path, *, rsa: str) -> None:
        """Read the files ``*.pem`` of `folder`; RSA keys are for the algorithm `rsa`."""
        self._folder = folder
        self._rsa = rsa

    def version(self) -> object:
        """Return the names of the files, and what tells their states."""
        return [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in self._files()]

    def load(self) -> Keys:
        """Read them; raises `ConfigurationError` where there is none or one cannot be read."""
        files = self._files()
        if not files:
            raise ConfigurationError(f"RENEWAL_KEY_FOLDER = {str(self._folder)!r} holds no .pem file; put a key there.")
        return _keys(map(self._key, files))

    def _files(self) -> Sequence[Path]:
        return sorted(self._folder.glob("*.pem"), reverse=True)

    def _key(self, path: Path) -> SigningKey:
        try:
            return _of_its_kind(path.read_text(encoding="ascii"), rsa=self._rsa)
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"RENEWAL_KEY_FOLDER: {path.name} cannot be read ({error}); give an unencrypted private key in PEM."
            ) from None


def _keys(keys: Iterable[SigningKey]) -> Keys:
    """Return a ring whose secrets for refresh tokens are derived from its keys."""
    signing = list(keys)
    return Keys(signing=signing, refresh={key.kid: key.refresh_secret for key in signing})


def _shared_keys(secrets: Sequence[bytes], algorithm: str) -> Iterable[SigningKey]:
    if not algorithm.startswith("HS"):
        raise ConfigurationError(
            f"JWT_ALGORITHM = {algorithm!r} does not go with JWT_SECRET_KEY; set it to HS256, or use JWT_PRIVATE_KEY."
        )
    bits = int(algorithm[2:])
    for secret in secrets:
        if len(secret) * 8 < bits:
            raise ConfigurationError(
                f"JWT_SECRET_KEY ({len(secret)} bytes) is too short for JWT_ALGORITHM = {algorithm!r}; set it to at"
                f" least {bits // 8} random bytes (RFC 7518 §3.2)."
            )
        yield shared(secret, algorithm)


def _private_keys(pems: Sequence[str], algorithm: str) -> Iterable[SigningKey]:
    """Return the keys; the first signs with `algorithm`, the others verify by the algorithm of their kind."""
    try:
        yield from_pem(pems[0], algorithm)
        for pem in pems[1:]:
            yield _of_its_kind(pem, rsa=algorithm)
    except ValueError as error:
        raise ConfigurationError(
            f"JWT_PRIVATE_KEY cannot be used with JWT_ALGORITHM = {algorithm!r}; give an unencrypted private key in PEM"
            " of the kind and size that the algorithm asks for."
        ) from error


def _of_its_kind(pem: str, *, rsa: str) -> SigningKey:
    """Read a key for the algorithm of its kind; of those that RSA keys go with, `rsa` says which."""
    algorithm = algorithm_of(pem)
    return from_pem(pem, rsa if algorithm == "RS256" and rsa[:2] in ("RS", "PS") else algorithm)
