"""The settings of the tests themselves."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

FORKS = """
import os, sys
from config.settings.test import DATA_DIR
if os.fork() == 0:
    sys.exit()
os.wait()
print(DATA_DIR, DATA_DIR.is_dir())
"""


def test_the_folder_of_a_process_goes_with_it_and_not_with_its_children(tmp_path: Path) -> None:
    environment = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(settings.BASE_DIR) / "site"), "PATH": ""}
    run = subprocess.run([sys.executable, "-c", FORKS], env=environment, capture_output=True, text=True, check=True)
    folder, stood = run.stdout.split()
    assert Path(folder).parent == tmp_path
    assert stood == "True"
    assert list(tmp_path.iterdir()) == []
