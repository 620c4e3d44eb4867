"""The project's own promises: pins that agree, nothing in the tree that should not be there."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text())


def pins():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def test_every_dependency_is_pinned_within_its_range():
    extras = ("lab", "dev", "cluster", "postgres", "frameworks", "bench")
    wanted = [*PROJECT["dependencies"], *(each for extra in extras for each in EXTRAS[extra])]
    for requirement in map(Requirement, wanted):
        pinned = pins().get(canonicalize_name(requirement.name))
        assert pinned is not None, f"{requirement.name} has no line in constraints.txt"
        assert pinned in requirement.specifier, f"{requirement} does not allow the pinned {pinned}"


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text()
    block = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    for line in block.splitlines():
        if re.match(r'\s+"', line):
            assert " # " in line, f"no reason beside {line.strip()}"


def test_environment_yml_installs_the_same():
    python, pip = ENVIRONMENT["dependencies"][0], ENVIRONMENT["dependencies"][-1]["pip"]
    version = Version(python.removeprefix("python="))
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]
    assert pip == ["-c constraints.txt", "-e .[lab]"]


def test_import_nnkit_needs_numpy_alone():
    code = (
        "import sys, nnkit; heavy = {'matplotlib', 'ipywidgets', 'anywidget', 'sklearn', 'tqdm', "
        "'pooch', 'cupy', 'IPython'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("folder", ["course", "lessons", "solutions", "nnkit", "grader_tests"])
def test_the_fixed_top_level_is_there(folder):
    assert (ROOT / folder).is_dir()


def tracked():
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if names.returncode:
        pytest.skip("not a git checkout: nothing to compare with")
    return [ROOT / name for name in names.stdout.split("\0") if name]


def test_nothing_generated_but_the_lessons_is_committed():
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        assert not re.match(r"solutions/.*\.ipynb|course/(submitted|autograded|feedback)/", name)
        assert path.suffix not in {".db", ".pyc", ".gz", ".idx"}, name


def test_no_file_is_large():
    large = [path for path in tracked() if path.exists() and path.stat().st_size > 400_000]
    assert large == []
