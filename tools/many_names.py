"""`python tools/many_names.py`: a million names, each from an address of its own; says what the limits keep of them.

Exit code 1 if that is more than the places that there are for them can hold.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from campaign import memory_of

from flask_renewal.ground.errors import InvalidCredentialsError, TooManyRequestsError
from flask_renewal.identity.users.throttle import Throttle
from flask_renewal.settings import Settings

MOST_KIB = 100 * 1024


def main() -> int:
    """Try all names; return the exit code."""
    parser = argparse.ArgumentParser(prog="python tools/many_names.py", description=__doc__)
    parser.add_argument("--names", type=int, default=1_000_000)
    names = parser.parse_args().names
    throttle = Throttle(Settings.from_config({}), {})
    before, refused, grown = memory_of(os.getpid()), 0, 0
    for number in range(names):
        try:
            with throttle.sign_in(f"name{number}", address=f"2001:db8:{number:x}::", session_id=None):
                raise InvalidCredentialsError
        except InvalidCredentialsError:
            pass
        except TooManyRequestsError:
            refused += 1
        if number % 100_000 == 99_999:
            grown = memory_of(os.getpid()) - before
            sys.stdout.write(f"{number + 1:9} names, {refused:8} refused, {grown / 1024:5.0f} MiB\n")
            sys.stdout.flush()
    return int(grown > MOST_KIB)


if __name__ == "__main__":
    sys.exit(main())
