"""What the command says, and where it finds the course."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import lab
from course.cli import main
from course.paths import Course, CourseError
from course.settings import nbgrader_settings

COMMANDS = (
    *("build", "check", "coverage", "demo", "doctor", "grade", "replay"),
    *("report", "feedback", "export", "lab", "lessons"),
)


@pytest.mark.parametrize("name", [None, *main.commands])
def test_help(name: str | None) -> None:
    result = CliRunner().invoke(main, [*([name] if name else []), "--help"])
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 86
    if name is None:
        assert set(main.commands) == set(COMMANDS)
        assert "..." not in result.output.split("Commands:")[1]  # every sentence fits its line


def test_help_is_quick_and_needs_no_nbgrader() -> None:
    program = "import sys, course.cli; print([m for m in sys.modules if 'nbgrader' in m])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_course_is_found_without_a_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NNKIT_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert Course.find().root == Path(__file__).parents[2]


def test_course_named_by_the_variable(new_course: Course, at) -> None:
    assert Course.find() != new_course
    assert Course.find().root == Path(__file__).parents[2]
    at(new_course)
    assert Course.find() == new_course


def test_no_course_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NNKIT_COURSE", str(tmp_path))
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 1
    assert "There is no course in" in result.output
    assert "NNKIT_COURSE" in result.output


@pytest.mark.parametrize("name", ["course [2026]", "course?", "c*"])
def test_path_that_nbgrader_cannot_work_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / name / "solutions").mkdir(parents=True)
    monkeypatch.setenv("NNKIT_COURSE", str(tmp_path / name))
    with pytest.raises(CourseError, match="nbgrader cannot work in"):
        Course.find()


def test_build_from_the_command(new_course: Course, at, tmp_path: Path, monkeypatch) -> None:
    at(new_course)
    monkeypatch.chdir(tmp_path)
    first = CliRunner().invoke(main, ["build"])
    assert first.output.splitlines() == [
        "wrote solutions/08-two-three-one/08-two-three-one.ipynb",
        "wrote lessons/08-two-three-one/08-two-three-one.ipynb",
    ]
    second = CliRunner().invoke(main, ["build", "08-two-three-one"])
    assert second.output == "Everything was up to date.\n"
    wrong = CliRunner().invoke(main, ["build", "08"])
    assert wrong.exit_code == 1
    assert "There is no lesson '08'. Lessons here: 08-two-three-one." in wrong.output


def test_settings_for_nbgrader(new_course: Course) -> None:
    config = nbgrader_settings(new_course)
    folders = config.CourseDirectory
    assert folders.root == str(new_course.root)
    for step in ("submitted", "autograded", "feedback"):
        folder = new_course.root / folders[f"{step}_directory"]
        assert folder == getattr(new_course, step)
    assert new_course.root / folders.source_directory == new_course.solutions
    assert new_course.root / folders.release_directory == new_course.lessons
    assert folders.db_url == f"sqlite:///{new_course.gradebook}"


class TestLab:
    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list:
        calls: list = []

        def start(path: str, command: list[str], environment: dict[str, str]) -> None:
            calls.append((command, environment))
            raise SystemExit(0)

        monkeypatch.setattr(lab.os, "execve", start)
        return calls

    @pytest.mark.skipif(os.name != "posix", reason="JupyterLab takes the process's place there")
    @pytest.mark.parametrize(("options", "folder"), [([], "lessons"), (["--teacher"], ".")])
    def test_command(self, started: list, checkout: Course, options, folder) -> None:
        result = CliRunner().invoke(main, ["lab", *options, "--no-browser", "--port", "9999"])
        assert result.exit_code == 0
        command, environment = started[0]
        root = (checkout.root / folder).resolve()
        assert command[1:4] == ["-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
        start = [] if options else ["--LabApp.default_url=/lab/tree/start.ipynb"]
        wanted = [*start, "--no-browser", "--port", "9999"]  # who names another page gets it
        assert [a for a in command[4:] if a != "--allow-root"] == wanted
        assert environment["NNKIT_COURSE"] == str(checkout.root)
        config = Path(environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0], "nbgrader_config.py")
        assert config.is_file()

    def test_nbgrader_finds_its_configuration_there(
        self, started: list, new_course: Course, at, tmp_path: Path
    ) -> None:
        at(new_course)
        CliRunner().invoke(main, ["lab"])
        assert "default_url" not in str(started[0][0])  # this course has no start page
        program = (
            "import json; from nbgrader.apps.baseapp import NbGrader; app = NbGrader();"
            "app.load_config_file(); print(json.dumps(app.config.CourseDirectory.root))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=started[0][1],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == str(new_course.root)

    def test_arguments_reach_jupyterlab(self, tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "course", "lab", "--version"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout[0].isdigit()
