"""Pages of the documentation as a reader follows them: files to save, commands to type, and what these show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"(?ms)^```(?P<language>\w+)\n(?P<body>.*?)^```$")
PROMPTS = {"sh": ("$ ", "> "), "pycon": (">>> ", "... ")}
_SAVED = re.compile(r"(?:\A|\n\n)Save\s[^`]*`([^`]+)`[^`]*:\n\n\Z")
"""The paragraph before a block that is a file: it starts with "Save" and names it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it shows."""

    command: str
    shown: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that the reader is told to save."""

    name: str
    text: str

    def write(self, folder: Path) -> None:
        """Save it below *folder*."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, encoding="utf-8")


def blocks(text: str, language: str) -> Iterator[re.Match[str]]:
    """Yield the code blocks of that language."""
    return (found for found in BLOCK.finditer(text) if found["language"] == language)


def saved(block: re.Match[str]) -> Saved | None:
    """Return the file that a block is, if its page says so."""
    named = _SAVED.search(block.string[: block.start()])
    return Saved(named[1], block["body"]) if named else None


def steps(body: str, language: str) -> list[Step]:
    """Return the commands of a block; one without prompts has a command a line and shows nothing."""
    prompt, more = PROMPTS[language]
    if prompt not in body:
        return [Step(line, "") for line in body.splitlines()]
    found = []
    for part in re.split(rf"(?m)^{re.escape(prompt)}", body)[1:]:
        first, *rest = part.splitlines(keepends=True)
        continued = [line for line in rest if line.startswith(more)]
        command = "".join([first, *(line.removeprefix(more) for line in continued)])
        found.append(Step(command, "".join(line for line in rest if not line.startswith(more))))
    return found


def followed(
    page: Path, language: str, run: Callable[[str], str], folder: Path
) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]]]:
    """Do in *folder* what *page* says. Return the page with what was really shown, what it has, and what was."""
    prompt, more = PROMPTS[language]
    shown: list[tuple[str, str]] = []
    said: list[tuple[str, str]] = []

    def renewed(block: re.Match[str]) -> str:
        file = saved(block)
        if file is not None:
            file.write(folder)
        if block["language"] != language or prompt not in block["body"]:
            return block[0]
        body = ""
        for step in steps(block["body"], language):
            output = run(step.command)
            shown.append((step.command, step.shown))
            said.append((step.command, output))
            body += prompt + step.command.rstrip("\n").replace("\n", f"\n{more}") + "\n" + output
        return f"```{language}\n{body}```"

    return BLOCK.sub(renewed, page.read_text(encoding="utf-8")), shown, said
