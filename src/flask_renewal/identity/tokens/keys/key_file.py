"""The key file in the instance folder, which the first process to start makes and all follow."""

import json
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import jwt

from ....ground.errors import ConfigurationError
from . import life
from .life import Content
from .ring import Keys, Source
from .signing_key import SigningKey, decode, from_jwk

if sys.platform != "win32":
    import fcntl

KEY_FILE = "signing_keys.json"

_log = logging.getLogger("flask_renewal")


class KeyFile(Source):
    """The keys of one application in a file, each change of which is whole: nobody reads half a key."""

    def __init__(self, folder: Path, *, token_life: int, rotation: int | None, now: Callable[[], float]) -> None:
        """Keep the file in `folder`; access tokens live `token_life` seconds, and keys sign for `rotation`, if any."""
        self.path = folder / KEY_FILE
        self._token_life = token_life
        self._rotation = rotation
        self._now = now

    def version(self) -> object:
        """Return what tells one state of the file from another; raises `OSError` where it is gone."""
        status = os.stat(self.path)
        return status.st_mtime_ns, status.st_ino, status.st_size

    def load(self) -> Keys:
        """Read the keys; raises `ConfigurationError` where the file is not what it should be."""
        keys = self._told(self._read())
        if self.path.stat().st_mode & 0o077:
            _log.warning("others can read the key file %s; run chmod 600 on it", self.path.name)
        return keys

    def tend(self) -> None:
        """Do what is due by the age of its keys."""
        if self._rotation is None:
            return
        tended = partial(life.tended, now=self._time(), every=self._rotation, token_life=self._token_life)
        if tended(content := self._read()) is not content:
            self._change(tended)

    def generate(self, algorithm: str) -> SigningKey:
        """Publish a new key, which does not sign yet, and return it."""
        return self._change(lambda content: life.generated(content, algorithm, now=self._time())).signing[-1]

    def rotate(self, *, at_once: bool) -> SigningKey:
        """Let the newest published key sign, and return it; raises `SigningKeyError`."""
        rotate = partial(life.rotated, now=self._time(), at_once=at_once)
        return self._change(rotate).signing[0]

    def retire(self, kid: str, *, at_once: bool) -> None:
        """Let a key verify no more; raises `SigningKeyError`."""
        self._change(partial(life.retired, kid=kid, now=self._time(), token_life=self._token_life, at_once=at_once))

    def _time(self) -> int:
        return int(self._now())

    def begin(self) -> None:
        """Make the file unless it is there; of several processes that start at once, one makes it for all.

        Only for a start: of a file that is gone meanwhile the keys stay in force, for somebody may be replacing it. It
        is written in full under another name and then linked: a link is made or refused as a whole, so nobody reads
        half a key and nobody overwrites one. Raises `ConfigurationError` where that cannot be done.
        """
        if self.path.exists():
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._written(life.begun(now=self._time())) as temporary, suppress(FileExistsError):
                os.link(temporary, self.path)
        except OSError as error:
            raise ConfigurationError(
                f"The signing key cannot be kept in the instance folder {self.path.parent} ({error.strerror}); let this"
                " user write there, or set JWT_PRIVATE_KEY."
            ) from None

    def _change(self, change: Callable[[Content], Content]) -> Keys:
        """Change the file, one process at a time, and return what is in it then."""
        with self._alone():
            content = change(self._read())
            keys = self._told(content)
            with self._written(content) as temporary:
                os.replace(temporary, self.path)
        return keys

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process change the file meanwhile; the lock is on the folder, for the file is replaced."""
        if sys.platform == "win32":  # has no such lock: one command at a time has to do
            yield
            return
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _written(self, content: Content) -> Iterator[str]:
        """Write a content to a file of its own, readable by its owner alone, that is gone at the end."""
        descriptor, temporary = tempfile.mkstemp(dir=self.path.parent)
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump(content.members(), file)
                file.flush()
                os.fsync(file.fileno())
            yield temporary
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)

    def _read(self) -> Content:
        with self._understanding():
            return Content.of(json.loads(self.path.read_bytes()))

    def _told(self, content: Content) -> Keys:
        with self._understanding():
            return Keys(
                signing=[from_jwk(jwk, life.algorithm_of(jwk)) for jwk in content.keys],
                refresh={one["id"]: decode(one["secret"]) for one in content.refresh},
            )

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        try:
            yield
        except (OSError, jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise ConfigurationError(
                f"The key file {self.path.name} in the instance folder cannot be read ({error}); restore it, or remove"
                " it to make a new key, which signs everybody out."
            ) from error
