"""What a catalog file may hold, as pydantic models: the edge where what people write is checked.

Imported only when a catalog is read from YAML; a compiled one needs none of it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kaudit.catalog.cues import CueType, Direction
from kaudit.model import Category, Context, Hedging, Jurisdiction

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80)]
Template = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
SeverityName = Literal["low", "medium", "high", "critical"]
ConfidenceName = Literal["low", "medium", "high"]


class Entry(BaseModel):
    """A mapping without unknown keys."""

    model_config = ConfigDict(extra="forbid")


class SourceEntry(Entry):
    """A regulation, guideline or study that a rule rests on."""

    citation: Text
    place: Text
    """Where to look it up."""
    supports: Text
    """What it says, in a line of our own."""
    checked: str = ""
    """The day on which somebody looked, as 2026-11-22."""
    verified: Literal["yes", "second-hand", "no"] = "no"


class SubjectEntry(BaseModel):
    """What a text can be about; every key but `name` and `terms` is a fact that rewrites can use."""

    model_config = ConfigDict(extra="allow")

    name: Text
    terms: list[Template] = Field(default_factory=list)


class RewriteEntry(Entry):
    """Better wording for one way to say it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    match: Template | None = None
    """What to look for; anything when left out, with `whole`."""
    at: Name | None = None
    """The slot that `to` takes the place of; all that `match` found when left out."""
    whole: bool = False
    """Whether `to` takes the place of the whole sentence, heading or item."""
    to: Annotated[str, StringConstraints(max_length=1_000)]
    places: list[Literal["heading", "item", "paragraph", "question"]] = Field(default_factory=list, alias="in")
    safe: bool = True
    note: Text | None = None
    also: bool = False


class CategoryEntry(Entry):
    """A kind of overclaim."""

    title: Text
    description: Text
    hedging: Hedging = Hedging.LOWERS
    rewrite: list[RewriteEntry] = Field(default_factory=list)
    """Tried after those of the rule itself."""


class CueGroup(Entry):
    """Words that change a verdict, and how far they reach."""

    type: CueType
    words: list[Template] = Field(min_length=1)
    """Templates without gaps and slots; one between slashes is a regular expression."""
    direction: Direction = Direction.FORWARD
    reach: int | None = Field(default=None, ge=0, le=200)
    """In words; anywhere in the sentence when left out."""
    ends: list[Template] = Field(default_factory=list)
    """Words and signs that end the scope."""
    flips: bool = False
    """Whether a negation in the scope is taken back."""
    two_edged: bool = False
    """Whether the words take from some claims and add to others; heard by baselines only."""
    stands_for: Annotated[str, StringConstraints(max_length=100)] = ""
    """The word that baselines take all of them for, because one says no more than another."""


class FixExample(Entry):
    """A text, and the same with the suggestion applied."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    before: Text = Field(alias="from")
    after: Annotated[str, StringConstraints(max_length=2_000)] = Field(alias="to")


class Examples(Entry):
    """The proof of a rule."""

    flag: list[Text] = Field(min_length=1)
    pass_: list[Text] = Field(min_length=1, alias="pass")
    fix: list[FixExample] = Field(default_factory=list)


class ClaimEntry(Entry):
    """A rule."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: Id
    class_: str = Field(default="", alias="class")
    category: Category
    severity: SeverityName
    confidence: ConfidenceName = "high"
    message: Text
    why: Text
    sources: list[Key] = Field(min_length=1)
    jurisdictions: list[Jurisdiction] = Field(default_factory=list)
    severities: dict[Jurisdiction, SeverityName] = Field(default_factory=dict)
    subjects: list[Name] = Field(default_factory=list)
    hedging: Hedging | None = None
    once: bool = False
    promotional: bool = False
    """Only in documents that sell something: see `tone`."""
    former: list[Id] = Field(default_factory=list)
    despite: list[Context] = Field(default_factory=list)
    """Contexts that leave the claim as it is."""
    match: list[Template] = Field(min_length=1)
    unless: list[Template] = Field(default_factory=list)
    beside: list[Template] = Field(default_factory=list)
    rewrite: list[RewriteEntry] = Field(default_factory=list)
    examples: Examples


class ToneGroup(Entry):
    """Phrases that tell copy that sells from text that informs."""

    points: int = Field(ge=-10, le=10)
    """What each of them adds; less than 0 for the tone of a text that informs."""
    words: list[Template] = Field(min_length=1)


class DisclosureExamples(Entry):
    """Documents that say it, and documents that do not."""

    missing: list[Text] = Field(min_length=1)
    present: list[Text] = Field(min_length=1)


class DisclosureEntry(Entry):
    """What a document must say once it promotes a treatment."""

    id: Id
    severity: SeverityName
    subjects: list[Name] = Field(min_length=1)
    jurisdictions: list[Jurisdiction] = Field(default_factory=list)
    satisfied_by: list[Template] = Field(default_factory=list)
    """Statements that make it; those of `buried` when left out."""
    buried: Id | None = None
    """Another disclosure: this one is owed where that one is made, and made where it stands `within` the text."""
    chiefly: bool = False
    """Whether it is owed only where the document is chiefly about one of the subjects."""
    within: float = Field(default=1.0, gt=0, le=1)
    """In which first part of the document a statement must begin, as a share of its length."""
    at_least: int = Field(default=1, ge=1, le=10)
    """How many different ones of `satisfied_by` must be there."""
    message: Text
    why: Text
    sources: list[Key] = Field(min_length=1)
    wording: str = Field(default="", max_length=2_000)
    """What to add; nothing where a statement only has to move."""
    examples: DisclosureExamples


class ClaimChange(Entry):
    """What a catalog changes about a rule of the one that it extends."""

    severity: SeverityName | None = None
    confidence: ConfidenceName | None = None
    message: Text | None = None
    jurisdictions: list[Jurisdiction] | None = None


def _one(schema: dict[str, Any]) -> None:
    """Let editors take the number as well as the text, as the loader does."""
    schema.pop("const", None)
    schema.pop("type", None)
    schema["enum"] = [1, "1"]


class CatalogFile(Entry):
    """A whole catalog file."""

    schema_: Literal["1"] = Field(alias="schema", json_schema_extra=_one)
    version: Text
    extends: Text | None = None
    """`builtin`, or the path of another catalog, from this file's folder."""
    off: list[Id] = Field(default_factory=list)
    change: dict[Id, ClaimChange] = Field(default_factory=dict)
    categories: dict[Category, CategoryEntry] = Field(default_factory=dict)
    inflections: dict[Name, list[Text]] = Field(default_factory=dict)
    sources: dict[Key, SourceEntry] = Field(default_factory=dict)
    lexicons: dict[Name, list[Text]] = Field(default_factory=dict)
    subjects: dict[Name, SubjectEntry] = Field(default_factory=dict)
    cues: list[CueGroup] = Field(default_factory=list)
    kept: list[Template] = Field(default_factory=list)
    """What readers must not lose: no suggestion takes the place of a whole sentence with one of these."""
    promotion: list[Template] = Field(default_factory=list)
    """Calls to action: beside the name of a treatment they promote it."""
    tone: list[ToneGroup] = Field(default_factory=list)
    """How documents speak that sell something, and those that inform."""
    health: list[Template] = Field(default_factory=list)
    """What texts on health speak of."""
    claims: list[ClaimEntry] = Field(default_factory=list)
    disclosures: list[DisclosureEntry] = Field(default_factory=list)
