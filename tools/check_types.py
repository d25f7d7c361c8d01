"""Lets two type checkers look at the examples, which see the package as those who install it do.

`python tools/check_types.py` prints what mypy and pyright find; it ends with 1 if they find anything.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(map(str, (ROOT / "examples" / "flask_app").glob("*.py")))


def install(folder: Path) -> Path:
    """Return the Python of an environment that holds the package as a wheel does, beside our own dependencies.

    Type checkers cannot look through the import hook of an editable installation.
    """
    venv.create(folder, symlinks=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    ours = "\n".join(path for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(ours)
    shutil.copytree(ROOT / "src" / "flask_renewal", packages / "flask_renewal")
    return folder / "bin" / "python"


def main() -> int:
    """Run both, and say whether one of them found something."""
    programs = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        python = install(Path(folder))
        commands = [
            [programs / "mypy", "--strict", "--no-incremental", "--python-executable", python],
            [programs / "pyright", "--warnings", "--pythonpath", python],
        ]
        done = [subprocess.run([*command, *EXAMPLES], cwd=folder, check=False) for command in commands]
    return int(any(one.returncode for one in done))


if __name__ == "__main__":
    sys.exit(main())
