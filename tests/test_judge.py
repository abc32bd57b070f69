"""The judge: which context a match stands in, by which cue; every kind of cue, both directions, ends and traps."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from kaudit import load_catalog
from kaudit.catalog.cues import Cues
from kaudit.judge import find_cues, find_slots, judge
from kaudit.model import BlockKind, Context, Judgement, Segment, Slot, Span
from kaudit.normalise import normalise

NEGATED = Context.NEGATED
ASKED = Context.ASKED
PRESUPPOSED = Context.PRESUPPOSED
CRITICISED = Context.CRITICISED
WARNED = Context.WARNED
RISK = Context.RISK
HEDGED = Context.HEDGED
LIMITED = Context.LIMITED
SOURCED = Context.SOURCED
COMPARED = Context.COMPARED
VULNERABLE = Context.VULNERABLE
BOOSTED = Context.BOOSTED
CONDITIONAL = Context.CONDITIONAL
QUOTED = Context.QUOTED

HEADING = BlockKind.HEADING
ITEM = BlockKind.ITEM
PARAGRAPH = BlockKind.PARAGRAPH

MARKED = re.compile(r"\[\[(.*?)\]\]")


class Row(NamedTuple):
    """A sentence with its match in [[double brackets]], and what the match is; nothing more: asserted."""

    sentence: str
    contexts: frozenset[Context]
    after: str = ""
    heading: str = ""
    kind: BlockKind = PARAGRAPH


def row(sentence: str, *contexts: Context, after: str = "", heading: str = "", kind: BlockKind = PARAGRAPH) -> Row:
    """Return a row of the table."""
    return Row(sentence, frozenset(contexts), after, heading, kind)


NEGATION = [
    row("Ketamine is a [[miracle drug]]."),
    row("Ketamine is not a [[miracle drug]].", NEGATED),
    row("Ketamine isn't a [[miracle drug]].", NEGATED),
    row("Ketamine isn\u2019t a [[miracle drug]].", NEGATED),
    row("It does not [[cure depression]].", NEGATED),
    row("It can't [[cure depression]].", NEGATED),
    row("It cannot [[cure depression]].", NEGATED),
    row("It will never [[cure depression]].", NEGATED),
    row("It is hardly a [[miracle drug]].", NEGATED),
    row("It is by no means a [[miracle drug]].", NEGATED),
    row("No pill can [[cure depression]].", NEGATED, HEDGED),
    row("No treatment is [[free of side effects]].", NEGATED),
    row("There is no [[quick fix]] for grief.", NEGATED),
    row("None of our therapies [[cure depression]].", NEGATED),
    row("Nobody is [[cured overnight]].", NEGATED),
    row("No one should expect a [[miracle]].", NEGATED, CONDITIONAL),
    row("Neither drug is a [[permanent solution]].", NEGATED),
    row("It is neither fast nor [[permanent]].", NEGATED),
    row("Nor is it a [[cure]].", NEGATED),
    row("Few patients are [[completely cured]].", NEGATED),
    row("Recovery is far from [[guaranteed]].", NEGATED),
    row("The drug is anything but [[risk-free]].", NEGATED),
    row("It is no longer a [[wonder drug]].", NEGATED),
    row("We treat symptoms rather than [[curing]] anything.", NEGATED),
    row("We offer steady support instead of a [[miracle cure]].", NEGATED),
    row("The trial stopped short of calling it a [[breakthrough]].", NEGATED),
    row("We refuse to promise [[instant relief]].", NEGATED),
    row("The tablets fail to give [[lasting relief]].", NEGATED),
    row("It is unlikely to be a [[permanent fix]].", NEGATED),
    row("We found a lack of [[lasting results]].", NEGATED),
    row("The drug is not (yet) [[approved for depression]].", NEGATED),
    row("It is not, as the leaflet has it, a [[cure]].", NEGATED),
    row("It is not [[approved for depression]].", NEGATED),
    row("It has never been [[proven to work]].", NEGATED),
    row("It is not known for [[fast results]].", NEGATED),
    row("We make no promise of [[instant relief]], lasting change or a cure.", NEGATED),
    row("We promise no instant relief, lasting change or [[permanent cure]].", NEGATED, CONDITIONAL),
    row("It is no better than placebo, so not [[highly effective]].", NEGATED),
    row("Not a [[cure]].", NEGATED),
    row("Not everyone is [[symptom-free]] afterwards.", NEGATED),
    row("This is not necessarily the [[best option]] for you.", NEGATED),
    row("The clinic does not claim to be the [[best clinic]] in town.", NEGATED),
    row("It has [[no side effects]]."),  # the rule's own words deny nothing of it
    row("We never promise [[no side effects]].", NEGATED),
    row("A [[miracle drug]] does not exist.", NEGATED),
    row("[[Instant relief]] cannot be guaranteed.", NEGATED),
    row("[[Lasting relief]] is not guaranteed.", NEGATED),
    row("A [[miracle cure]] it is not.", NEGATED),
    row("That it [[cures addiction]] has not been proven.", NEGATED),
    row("Its [[lasting effect]] remains unproven.", NEGATED),
    row("Whether it [[works for everyone]] is unknown.", NEGATED, ASKED),
    row("[[A cure]] is impossible.", NEGATED),
]

NEGATED_CLAUSE = [
    row("It is not true that it [[cures depression]].", NEGATED),
    row("There is no evidence that ketamine [[cures depression]].", NEGATED),
    row("There is little good evidence that it gives [[lasting relief]].", NEGATED),
    row("There is insufficient evidence for its [[long-term benefits]].", NEGATED),
    row("FDA approval does not mean that it is [[completely safe]].", NEGATED),
    row("Registration doesn't imply that the clinic is [[government endorsed]].", NEGATED),
    row("We never claim that our drips [[cure cancer]].", NEGATED),
    row("No study has shown that it [[rewires your brain]].", NEGATED),
    row("It has not been shown to [[prevent relapse]].", NEGATED),
    row("We don't believe that any drug is a [[miracle]].", NEGATED),
    row("There is no guarantee that you will be [[pain free]].", NEGATED),
    row("Studies have failed to show that it [[prevents relapse]].", NEGATED),
]

TWICE_NEGATED = [
    row("It is not true that it does not [[work wonders]]."),
    row("It is a myth that ketamine does not [[work]]."),
    row("There is no evidence that it does not [[work for everyone]]."),
    row("Critics falsely claim that it is not [[the best treatment]]."),
    row("It is not without [[remarkable results]]."),
]

LOOKS_NEGATIVE = [
    row("Not only is it safe, it is a [[miracle]]."),
    row("It is not only [[life-changing]] but also affordable."),
    row("It's not just [[highly effective]], it is gentle."),
    row("There is no doubt that it is a [[breakthrough]].", BOOSTED),
    row("Without question the [[best clinic]] in town.", BOOSTED),
    row("It never fails to [[deliver results]]."),
    row("The results are nothing short of [[miraculous]]."),
    row("We can't wait to share our [[amazing results]]."),
    row("No wonder patients call it a [[miracle]]."),
    row("It's no surprise that this is the [[most effective therapy]]."),
    row("Not to mention the [[dramatic results]]."),
    row("You won't believe the [[dramatic results]]."),
    row("This is a [[once-in-a-lifetime offer]] not to be missed."),
    row("Not to be missed: a [[miracle therapy]]."),
    row("No other clinic offers [[guaranteed results]]."),
    row("Nothing works [[better]]."),
    row("Nothing else gives such [[fast relief]]."),
    row("There is no better treatment for [[lasting relief]]."),
    row("Don't miss our [[miracle treatment]]."),
    row("Don't wait for [[instant relief]]."),
    row("Never before has there been such a [[breakthrough]]."),
    row("Feeling better has never been [[easier]]."),
    row("You no longer have to wait for [[rapid relief]]."),
    row("No one can deny that it is a [[game changer]]."),
    row("One of the fastest, if not the [[best treatment]] there is."),
    row("No matter how long you have suffered, we offer [[lasting relief]]."),
    row("I can't recommend it enough: a [[miracle drug]]."),
    row("Few words describe these [[life-changing results]]."),
    row("It is a [[natural remedy]] like no other."),
    row("No, you will not need pills: it is a [[permanent cure]]."),
    row("Don't be surprised if you [[feel better within days]].", CONDITIONAL),
    row("Patients who did not respond to tablets found [[complete relief]]."),
    row("Many who failed to respond to tablets are now [[symptom-free]]."),
    row("Not a day goes by without [[amazing results]]."),
    row("I never thought I would [[live pain free]] again.", CONDITIONAL),
    row("It's not your average spa: a [[revolutionary clinic]]."),
]

ENDS = [
    row("Without surgery, [[cure your pain]]."),
    row("Without surgery you can [[cure your pain]].", CONDITIONAL),
    row("No side effects and [[instant relief]]."),
    row("No side effects, [[instant relief]], and no downtime."),
    row("While ketamine is not a cure, it offers [[rapid relief]]."),
    row("Unlike pills, which do not work for many, it [[works fast]]."),
    row("You don't have to suffer: [[permanent relief]] is here."),
    row("No needles, just [[lasting relief]]."),
    row("No pills but [[lasting relief]]."),
    row("It is not a drug; it is a [[miracle]]."),
    row("It is not a drug - it is a [[miracle]]."),
    row("It is not addictive, it is a [[miracle]]."),
    row("It is not expensive, but it is [[highly effective]]."),
    row("It is not expensive, however [[highly effective]] it may be."),
    row("It does not hurt and [[works instantly]]."),
    row("Because it is not a stimulant, you get [[lasting calm]]."),
    row("It does not mix with food or drink that our guests and staff enjoy at the clinic in [[total comfort]]."),
    row("This is not therapy as you know it, so expect [[dramatic results]]."),
    row("There is no downtime, which means [[instant results]]."),
    row("[[Fast relief]], and no surgery."),
    row("[[Fast relief]] that is not a dream."),
    row("[[Proven results]] without side effects."),
    row("Say no to pills; say yes to [[permanent relief]]."),
    row("It may sting, but it [[cures acne]]."),
    row("It may sting at first, then you are [[pain free]]."),
    row("Myths aside, it is not hype; it [[cures depression]]."),
    row("No prescription needed for [[instant relief]]."),
    row("Instead of pills, you get [[permanent relief]]."),
    row("Rather than wait, get [[instant relief]]."),
]

HEDGES = [
    row("It may help to [[ease symptoms]].", HEDGED),
    row("It can [[ease anxiety]].", HEDGED),
    row("It might be a [[game changer]].", HEDGED),
    row("It could [[cure depression]].", HEDGED),
    row("It appears to [[work quickly]].", HEDGED),
    row("Ketamine seems to give [[fast relief]].", HEDGED),
    row("It is thought to [[rewire the brain]].", HEDGED),
    row("It potentially [[prevents relapse]].", HEDGED),
    row("It has the potential to [[transform care]].", HEDGED),
    row("It often brings [[rapid relief]].", HEDGED),
    row("It is usually [[not addictive]].", HEDGED),
    row("It tends to bring [[rapid relief]].", HEDGED),
    row("Early research suggests [[lasting benefits]].", HEDGED),
    row("Perhaps it is a [[breakthrough]].", HEDGED),
    row("At best, [[rapid relief]].", HEDGED),
    row("[[Rapid relief]] is possible.", HEDGED),
    row("You can book our [[miracle treatment]] online.", CONDITIONAL),
    row("You can finally [[live pain free]].", CONDITIONAL),
    row("In May we offer [[guaranteed results]]."),
    row("You may have heard that it is a [[miracle]]."),
    row("Anyone can get [[instant relief]]."),
    row("If you suffer from migraine, this [[cures it]]."),
    row("This would be a [[miracle]].", CONDITIONAL),
    row("I think it is the [[best clinic]] in town.", CONDITIONAL),
]

LIMITS = [
    row("It may ease [[symptoms]] in some people.", HEDGED, LIMITED),
    row("It may [[ease symptoms]] of depression in some people.", HEDGED, LIMITED),
    row("It [[helped some patients]] for days in a small trial.", LIMITED),
    row("For some, it is [[life-changing]].", LIMITED),
    row("It [[eased pain]] for a few days.", LIMITED),
    row("It [[eased pain]] temporarily.", LIMITED),
    row("It gave a modest [[boost to mood]].", LIMITED),
    row("It may give short-term [[relief from pain]].", HEDGED, LIMITED),
    row("It [[lifted mood]] in a few small trials.", LIMITED),
    row("It [[works]], though not for everyone."),
    row("Some patients [[feel better]] within hours.", LIMITED),
    row("The [[relief]] wears off after days.", LIMITED),
]

BOOSTERS = [
    row("It is truly [[life-changing]].", BOOSTED),
    row("A clinically proven [[pain cure]].", BOOSTED),
    row("[[Pain relief]] guaranteed.", BOOSTED),
    row("It is 100% [[safe]].", BOOSTED),
    row("It is absolutely [[safe]].", BOOSTED),
    row("It is undoubtedly the [[best clinic]].", BOOSTED),
    row("Truly kind staff at a clinic with [[amazing results]]."),
    row("It is not truly [[life-changing]].", NEGATED, BOOSTED),
    row("A [[clinically proven]] therapy."),
]

QUESTIONS = [
    row("Is it a [[miracle drug]]?", ASKED),
    row("Can ketamine [[cure depression]]?", ASKED, HEDGED),
    row("Which is the [[best treatment]]?", ASKED),
    row("[[Miracle drug]] or hype?", ASKED, CONDITIONAL),
    row('"Is it a [[miracle drug]]?"', ASKED, QUOTED),
    row("Is it a [[miracle drug]]?", ASKED, after="No."),
    row("Is it a [[miracle drug]]?", ASKED, after="Not really: many relapse."),
    row("Is it a [[miracle drug]]?", ASKED, after="The short answer is no."),
    row("Is it a [[miracle drug]]?", PRESUPPOSED, after="Yes!"),
    row("Is it a [[miracle drug]]?", PRESUPPOSED, after="Absolutely."),
    row("Is it a [[miracle drug]]?", ASKED, after="No other drug has caused such a stir."),
    row("Is Ketamine a [[Miracle Drug]]?", ASKED, kind=HEADING),
    row("Is Ketamine a [[Miracle Drug]]", ASKED, kind=HEADING),
    row("Is It [[Safe]]", ASKED, kind=HEADING),
    row("Is [[Safe]] and Gentle", kind=HEADING),
    row("Why Ketamine Is the [[Best Option]]", kind=HEADING),
    row("Is Ketamine a [[Miracle Drug]]?", ASKED, kind=HEADING, after="Unfortunately not."),
    row("Why is it so [[effective]]?", PRESUPPOSED),
    row("How does ketamine [[cure depression]]?", PRESUPPOSED),
    row("What makes it so [[effective]]?", PRESUPPOSED),
    row("Did you know that ketamine [[cures depression]]?", PRESUPPOSED),
    row("Looking for [[instant relief]]?", PRESUPPOSED),
    row("Ready for [[life-changing results]]?", PRESUPPOSED),
    row("Do you want [[instant relief]]?", PRESUPPOSED),
    row("Why is it so [[effective]]?", ASKED, after="No, it is not."),
    row("Ketamine is a [[miracle drug]], so why wait?"),
    row("It is a [[miracle drug]], isn't it?"),
    row("Depressed, but is there a [[quick fix]]?", ASKED),
    row("Ask your doctor whether it is [[right for you]].", ASKED),
    row("Find out if ketamine is the [[best option for you]].", ASKED),
    row("Whether you want rest or [[instant relief]], call us.", CONDITIONAL),
    row("Talk to us to see if it can [[help you sleep]].", ASKED, HEDGED),
]

CRITICISM = [
    row('Avoid words such as "[[miracle]]" and "cure".', CRITICISED, QUOTED),
    row("The agency warned the firm over claims of a [[90% success rate]].", CRITICISED),
    row("A court fined two of the clinics for promising [[a cure]].", CRITICISED),
    row("The clinic was praised for offering [[a cure]]."),
    row("So-called [[miracle cures]] abound.", CRITICISED),
    row("So-called '[[miracle]]' cures abound.", CRITICISED, QUOTED),
    row("The ad claimed a [[90% success rate]].", CRITICISED),
    row("A [[90% success rate]], the ad claimed.", CRITICISED),
    row("The site claims that it [[cures cancer]].", CRITICISED),
    row("It is a myth that ketamine is a [[miracle drug]].", CRITICISED),
    row("Myth: ketamine is a [[miracle drug]].", CRITICISED),
    row("They falsely said it was [[risk-free]].", CRITICISED),
    row("Allegedly it [[cures cancer]].", CRITICISED),
    row("The supposedly [[risk-free]] drip landed her in hospital.", CRITICISED),
    row("The study debunks the idea of a [[miracle drug]].", CRITICISED),
    row("We are sceptical of any [[miracle drug]].", CRITICISED),
    row("That it is [[risk-free]] is a myth.", CRITICISED),
    row("Promises of [[instant relief]] are misleading.", CRITICISED),
    row('Words like "[[miracle drug]]" mislead patients.', CRITICISED, QUOTED),
    row("The firm was fined for saying its tea [[cures cancer]].", CRITICISED),
    row('"[[Miracle drug]]" is how the leaflet put it, which experts call a scam.', WARNED, QUOTED),
    row('Patients call it "a [[miracle]]".', QUOTED),
    row("Side effects can include [[instant calm]].", WARNED),
    row("Buyers of pills that promise to [[cure depression]] are disappointed.", CRITICISED),
    row("An advert that guarantees to [[cure depression]] can be reported.", CRITICISED),
    row("That it [[cures depression]] is an assertion.", CRITICISED),
    row('"A [[miracle]]."', QUOTED),
    row("Your website claims that the oil [[cures]] pain.", CRITICISED),
    row("It suggests that the drug is [[safer]] than has been demonstrated.", CRITICISED, HEDGED),
    row("It is known for its [[fast results]]."),
    row("Some say ketamine is a [[miracle drug]].", CRITICISED, after="That is not true."),
    row("Ketamine is a [[miracle drug]].", CRITICISED, after="That is not true."),
    row("Ketamine [[cures depression]].", CRITICISED, after="This is a myth."),
    row("Ketamine is a [[miracle drug]].", after="False promises are not our style."),
    row("Ketamine [[cures depression]].", CRITICISED, kind=ITEM, heading="Common myths"),
    row("Ketamine [[cures depression]].", CRITICISED, kind=ITEM, heading="Red flags when choosing a clinic"),
    row("Fact: ketamine is the [[best treatment]].", kind=ITEM, heading="Myths and facts"),
    row("Ketamine is a [[miracle drug]].", CRITICISED, heading="Myth 2"),
    row("Ketamine is a [[miracle drug]].", heading="How we do away with the myths of the past"),
    row("Ketamine is a [[miracle drug]].", kind=ITEM, heading="Why choose us"),
]

WARNINGS = [
    row("Beware of anyone who promises a [[cure]].", WARNED),
    row("Don't fall for [[miracle cures]].", WARNED),
    row("Be wary of clinics that promise [[instant relief]].", WARNED),
    row("Avoid clinics that advertise [[guaranteed results]].", WARNED),
    row("A promise of [[guaranteed results]] is a red flag.", WARNED),
    row('The word "[[miracle]]" should be avoided.', WARNED, QUOTED),
    row("Doctors warn against [[miracle cures]].", WARNED),
    row("Steer clear of [[miracle cures]].", WARNED),
    row("Watch out for [[miracle cures]].", WARNED),
    row("If a seller promises a [[quick fix]], walk away.", WARNED, CRITICISED, CONDITIONAL),
    row("Avoid the wait; get [[instant relief]]."),
    row("Beware of imitations, as ours is the [[best formula]]."),
]

RISKS = [
    row("It may cause [[mild dizziness]].", RISK),
    row("Side effects include [[mild dizziness]].", WARNED),
    row("There is a risk of [[dependence]].", RISK),
    row("Common side effects are [[mild nausea]] and a rise in blood pressure.", RISK),
    row("It may cause only [[mild dizziness]]."),
    row("Its side effects are only [[mild and brief]]."),
]

SOURCES = [
    row("It helps [[70% of patients]] [1].", SOURCED),
    row("It helps [[70% of patients]] (Smith et al., 2013).", SOURCED),
    row("It helps [[70% of patients]].\u00b9", SOURCED),
    row("In a 2013 trial of 73 people, [[64% responded]].", SOURCED),
    row("In a 2013 trial of 73 people, [[64% responded]], compared with 28% on midazolam.", SOURCED, COMPARED),
    row("[[64% responded]] (n = 73) versus 28% on placebo.", SOURCED, COMPARED),
    row("[[64% responded]] versus 28% on placebo."),
    row("According to the FDA label, [[64% responded]].", SOURCED),
    row("[[64% responded]], doi:10.1000/x.", SOURCED),
    row("Since 2013 we have had a [[90% success rate]]."),
    row("[[Studies show]] it works."),
]

VULNERABILITY = [
    row("[[Rapid relief]] for suicidal patients.", VULNERABLE),
    row("[[Instant calm]] for your child.", VULNERABLE),
    row("Even pregnant women get [[instant relief]].", VULNERABLE),
    row("It [[cures addiction]] in one visit."),
    row("A [[permanent cure]] for alcoholism.", VULNERABLE),
    row("A [[permanent cure]] for back pain."),
]

TABLE = [
    *NEGATION,
    *NEGATED_CLAUSE,
    *TWICE_NEGATED,
    *LOOKS_NEGATIVE,
    *ENDS,
    *HEDGES,
    *LIMITS,
    *BOOSTERS,
    *QUESTIONS,
    *CRITICISM,
    *WARNINGS,
    *RISKS,
    *SOURCES,
    *VULNERABILITY,
]


@pytest.fixture(scope="module")
def cues() -> Cues:
    """Return the cues of the built-in catalog."""
    return load_catalog().cues


def judged(sentence: str, cues: Cues, *, after: str = "", heading: str = "", kind: BlockKind = PARAGRAPH) -> Judgement:
    """Return the judgement of the words in [[double brackets]]."""
    marked = MARKED.search(sentence)
    assert marked, "mark the match: [[like this]]"
    plain = normalise(MARKED.sub(r"\1", sentence))
    start = marked.start()
    end = start + len(marked[1])
    before = "an earlier sentence. "
    segment = Segment(plain.text, plain.cased, len(before), kind, after=after.lower(), heading=heading.lower())
    judgement = judge(Span(start, end).shifted(len(before)), segment, find_cues(segment, cues))
    document = before + plain.text
    for effect in judgement.effects:
        assert effect.span.of(document), "every effect has its place in the document"
    return judgement


@pytest.mark.parametrize(
    "expected",
    [pytest.param(row, id=" | ".join(filter(None, (row.heading, row.sentence, row.after)))) for row in TABLE],
)
def test_a_match_stands_in_exactly_these_contexts(expected: Row, cues: Cues) -> None:
    judgement = judged(expected.sentence, cues, after=expected.after, heading=expected.heading, kind=expected.kind)

    assert {effect.context for effect in judgement.effects} == expected.contexts


def test_an_effect_names_the_nearest_cue_and_its_place(cues: Cues) -> None:
    text = "it is not cheap and it may not be a miracle."
    segment = Segment(text, text, 100, PARAGRAPH)
    found = find_cues(segment, cues)

    effect = judge(Span(134, 143), segment, found).first(NEGATED)

    assert effect is not None
    assert (effect.cue, effect.span.shifted(-100).of(text)) == ("not", "not")
    assert effect.span.start == 127


def test_an_answer_is_named_and_placed_at_the_question_mark(cues: Cues) -> None:
    text = "is it a miracle?"
    segment = Segment(text, text, 0, PARAGRAPH, after="sadly, no. it helps some people.")

    effect = judge(Span(8, 15), segment, find_cues(segment, cues)).first(ASKED)

    assert effect is not None
    assert (effect.cue, effect.span.of(text)) == ("sadly, no", "?")


def test_compiled_cues_survive_the_cache(cues: Cues) -> None:
    assert Cues.from_json(cues.to_json()) == cues


@pytest.mark.parametrize("text", ["", "?", '"', "not", "no, no, no", "[1]", "-", "a " * 900 + "?", "not, or " * 200])
def test_any_text_can_be_judged(text: str, cues: Cues) -> None:
    segment = Segment(text, text, 0, HEADING, after=text, heading=text)

    judgement = judge(Span(0, len(text)), segment, find_cues(segment, cues))

    assert all(effect.span.end <= len(text) for effect in judgement.effects)


@pytest.mark.parametrize(
    ("before", "sentence", "told"),
    [
        ("", "Of our guests, 90% get better.", ""),
        ("", "After four weeks 90% were better.", "time"),
        ("", "Of adults with eczema, 54% responded.", "population outcome"),
        ("", "In a trial of 120 patients, 54% improved, compared with 39% on placebo.", "number comparator source"),
        ("A 2019 trial followed 80 adults with migraine.", "Half got better.", "population number source"),
        ("It was compared with placebo after 6 weeks.", "Half got better.", ""),
    ],
)
def test_a_figure_is_told_by_its_sentence_and_its_study_by_the_one_before(
    before: str, sentence: str, told: str, cues: Cues
) -> None:
    text, above = normalise(sentence), normalise(before)
    segment = Segment(text.text, text.cased, 0, PARAGRAPH, before=above.text)

    assert find_slots(segment, cues) == {Slot(name) for name in told.split()}
