"""Closed word classes of the controlled English, and folding of number and person.

The open classes (nouns, names, most adjectives and verbs) need no lexicon. Two word lists beside
this module (``adjectives.txt``, ``verbs.txt``) only settle what the shape of a sentence leaves
open; where they cannot settle it the sentence is not read.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


THINGS: Final = words("thing things")
PERSONS: Final = words("person people persons individual individuals human-being human-beings")
SOMEONE: Final = {
    "someone": ("some", True),
    "somebody": ("some", True),
    "something": ("some", False),
    "anyone": ("any", True),
    "anybody": ("any", True),
    "anything": ("any", False),
    "everyone": ("every", True),
    "everybody": ("every", True),
    "everything": ("every", False),
    "nobody": ("no", True),
    "nothing": ("no", False),
}
PRONOUNS: Final = words("he she it they him her them")
DETERMINERS: Final = words("a an the every each all any no some")
RELATIVES: Final = words("who that which")
AUXILIARIES: Final = words("is are does do has have never neither")
CONNECTIVES: Final = words("and or but nor then if because since unless only")
PREPOSITIONS: Final = words(
    "in on at of to from with for near under over behind beside above below inside outside into "
    "onto across against among around between beyond by through toward towards about"
)
_OTHER: Final = words(
    "i me my mine we us our you your his hers its their theirs this these those be been being am "
    "was were did done had having will would shall should can could may might must ought cannot "
    "not both either whether while although though however until before after during without "
    "within as than more most less least fewer fewest few many much several half percent none "
    "every-one very too quite rather so such almost nearly about hardly barely scarcely always "
    "usually often sometimes rarely seldom generally typically mostly normally probably possibly "
    "perhaps maybe certainly there here where when whenever what why how whose whom "
    "whoever whatever whichever whomever whosoever whatsoever wherever whereas ones others plenty "
    "enough indeed otherwise anyway besides nonetheless nevertheless regardless alas namely "
    "let yes also just even still already yet again ever once twice one two three four "
    "five six seven eight nine ten eleven twelve hundred thousand million dozen exactly other "
    "another else same only except instead respectively up down out off away together "
    "itself himself herself themselves oneself myself yourself ourselves "
    "today yesterday tomorrow now soon later ago"
)
FUNCTION: Final = (
    DETERMINERS
    | RELATIVES
    | AUXILIARIES
    | CONNECTIVES
    | PREPOSITIONS
    | PRONOUNS
    | frozenset(SOMEONE)
    | _OTHER
)

# Verbs that say little by themselves: "make a meal of", "set eyes on".
LIGHT_VERBS: Final = words(
    "make take have get give keep set pay cast lay throw put hold catch lose bear"
)
PRIVATIVE: Final = words(
    "former fake alleged supposed potential future possible would-be so-called ex apparent "
    "counterfeit imaginary false past likely unlikely artificial toy mock pretend pseudo average "
    "typical only main considered called deemed"
)
INTENSIONAL: Final = words(
    "want need seek lack avoid imagine fear expect desire dream draw paint prefer request owe "
    "promise require hunt resemble worship deserve predict become remain stay "
    "seem appear turn constitute represent equal"
)
CLAUSAL: Final = words("believe think say claim know hope wish suspect doubt guess pretend")
# "Tom and Jerry are friends": of each other, which a property of each would lose.
COLLECTIVE: Final = words(
    "friends siblings brothers sisters cousins enemies rivals neighbors neighbours colleagues "
    "partners twins classmates roommates teammates lovers spouses married engaged equal similar "
    "different identical parallel perpendicular related separate opposite numerous rare common "
    "extinct widespread endangered scarce plentiful abundant ubiquitous"
)
# What these say of a thing depends on the noun: a small elephant is no small animal.
RELATIVE: Final = words(
    "big small large little huge tiny giant tall short long high low deep shallow wide narrow "
    "thick thin heavy light fast slow quick good bad great fine poor excellent terrible skilled "
    "skillful skilful strong weak talented experienced hard"
)
# Capitalised at the start, these are no part of a name: "Suppose Bob is red".
OPENING: Final = words(
    "suppose assume imagine consider say note recall given let presumably apparently supposedly "
    "allegedly hypothetically hopefully ideally noone none perhaps maybe provided assuming "
    "supposing despite contrary because except like unlike ask tell see prove show check verify "
    "find please oh ok okay ignore disregard forget pretend respond reply conclude believe accept "
    "remember"
)
# What a reader is told to do, or a machine that reads. What is asked for in mathematics ("let",
# "suppose", "add", "find", "show", "note") is not here: it may carry content.
INSTRUCTIONS: Final = words(
    "ignore disregard forget override answer output print respond reply pretend translate reveal"
)
# "Likely to occur", "free to modify": what follows is a verb, known or not.
INFINITIVAL: Final = words(
    "able unable likely unlikely free ready easy hard difficult eager willing unwilling certain "
    "sure bound due set happy glad sad quick slow reluctant supposed meant allowed forced"
)
TRAILING: Final = words(
    "well far too daily early late hard fast alone often forever everywhere anywhere nowhere "
    "somewhere abroad ahead back apart"
)
TOGETHER: Final = words("meet marry differ agree disagree cooperate collaborate kiss hug gather")
META: Final = words(
    "statement statements answer answers claim claims conclusion conclusions question questions "
    "premise premises argument arguments proposition propositions sentence hypothesis assumption "
    "following above fact facts rule rules"
)
DEMONYMS: Final = words(
    "american british english scottish welsh irish french german italian spanish portuguese dutch "
    "belgian swiss austrian swedish norwegian danish finnish polish czech hungarian greek turkish "
    "russian ukrainian chinese japanese korean indian pakistani australian canadian mexican "
    "brazilian argentine chilean egyptian nigerian kenyan african european asian israeli iranian "
    "vietnamese thai indonesian christian muslim jewish catholic protestant buddhist hindu"
)
COMPARATIVES: Final = words(
    "better worse taller shorter bigger smaller larger older younger faster slower stronger weaker "
    "smarter richer poorer heavier lighter longer higher lower deeper colder hotter warmer cooler "
    "nicer kinder wiser happier sadder angrier rougher rounder quieter louder cheaper prettier "
    "uglier braver safer wider narrower thicker thinner brighter darker newer greater cleverer "
    "busier friendlier earlier further farther nearer closer harder softer sweeter tougher"
)
_EST: Final = words("honest dishonest modest immodest earnest west east manifest")

_PLURALS: Final = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse",
    "lice": "louse", "geese": "goose", "teeth": "tooth", "feet": "foot", "oxen": "ox",
    "wolves": "wolf", "wives": "wife", "lives": "life", "knives": "knife", "leaves": "leaf",
    "thieves": "thief", "halves": "half", "calves": "calf", "shelves": "shelf", "elves": "elf",
    "loaves": "loaf", "scarves": "scarf", "hooves": "hoof", "dwarves": "dwarf", "selves": "self",
    "shoes": "shoe", "toes": "toe", "canoes": "canoe", "foes": "foe", "ties": "tie",
    "pies": "pie", "movies": "movie", "cookies": "cookie", "zombies": "zombie", "lies": "lie",
    "buses": "bus", "gases": "gas", "lenses": "lens", "houses": "house", "causes": "cause",
    "uses": "use", "excuses": "excuse", "blouses": "blouse", "spouses": "spouse",
    "clauses": "clause", "muses": "muse", "nooses": "noose", "mooses": "moose",
    "analyses": "analysis", "crises": "crisis", "theses": "thesis", "hypotheses": "hypothesis",
    "oases": "oasis", "bases": "base", "criteria": "criterion", "phenomena": "phenomenon",
    "bacteria": "bacterium", "cacti": "cactus", "fungi": "fungus", "alumni": "alumnus",
    "aunts": "aunt", "quizzes": "quiz", "axes": "axe", "caches": "cache", "aches": "ache",
    "headaches": "headache", "avalanches": "avalanche", "sizes": "size", "prizes": "prize",
    "mazes": "maze", "breezes": "breeze", "bronzes": "bronze", "policemen": "policeman",
    "firemen": "fireman", "firefighters": "firefighter", "grandchildren": "grandchild",
    "werewolves": "werewolf", "dice": "die", "halos": "halo",
}  # fmt: skip
_SAME: Final = words("sheep fish deer moose aircraft species series salmon trout squid bison")
_SINGULAR_S: Final = words(
    "gas bus lens atlas canvas alias bias chaos news mathematics physics economics politics "
    "linguistics gymnastics ethics always plus perhaps thus yes this his its iris christmas "
    "texas paris pancreas cosmos"
)
_IRREGULAR_PAST: Final = words(
    "ran ate saw went came gave took made knew thought bought brought caught taught fought sought "
    "told sold held felt kept left lost met paid said sat slept spoke stood stole swam sang drank "
    "drove rode rose wrote wore won woke threw grew flew drew broke chose began became forgot "
    "found got heard hid led lent meant sent spent understood bit fell fled fed built shot"
)
_IRREGULAR_PARTICIPLES: Final = {
    "eaten": "eat", "seen": "see", "known": "know", "given": "give", "taken": "take",
    "made": "make", "bought": "buy", "caught": "catch", "taught": "teach", "told": "tell",
    "sold": "sell", "held": "hold", "found": "find", "led": "lead", "loved": "love",
    "written": "write", "driven": "drive", "chosen": "choose", "beaten": "beat",
    "bitten": "bite", "stolen": "steal", "built": "build", "fed": "feed", "hidden": "hide",
    "heard": "hear", "met": "meet", "shown": "show", "worn": "wear", "understood": "understand",
}  # fmt: skip
# Nouns and pronouns that end in -ly, so that the ending alone does not make an adverb.
_LY_NOUNS: Final = words("family fly butterfly belly bully jelly lily ally assembly monopoly")
_ED_NOUNS: Final = words("bed shed seed weed breed sled reed deed need feed greed speed")


@cache
def adjectives() -> frozenset[str]:
    return words(files(__package__).joinpath("adjectives.txt").read_text("utf-8"))


@cache
def verbs() -> frozenset[str]:
    return words(files(__package__).joinpath("verbs.txt").read_text("utf-8"))


@cache
def _participles() -> dict[str, str]:
    table = dict(_IRREGULAR_PARTICIPLES)
    for verb in verbs():
        if verb.endswith("e"):
            table[verb + "d"] = verb
        elif verb.endswith("y") and verb[-2] not in "aeiou":
            table[verb[:-1] + "ied"] = verb
        else:
            table[verb + "ed"] = verb
            if verb[-1] in "bdgklmnprt":
                table[verb + verb[-1] + "ed"] = verb
    return table


def participle(word: str) -> str | None:
    """The listed verb whose past participle ``word`` is."""
    return _participles().get(word)


def progressive(word: str) -> str | None:
    """The listed verb whose present participle ``word`` is."""
    if not word.endswith("ing") or len(word) < 5:
        return None
    stem = word[:-3]
    options = (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem)
    return next((option for option in options if option in verbs()), None)


def is_adjective(word: str) -> bool:
    """Known to be an adjective: listed, or with an ending that only adjectives have."""
    return (
        word in adjectives()
        or word in DEMONYMS
        or (len(word) > 5 and word.endswith(("ous", "ful", "less", "able", "ible")))
    )


def singular(word: str) -> str:
    """The singular of a noun; the word itself where it is no plural."""
    if word in _PLURALS:
        return _PLURALS[word]
    if "-" in word:
        first, last = word.rsplit("-", 1)
        return f"{first}-{singular(last)}"
    if word in _SAME or word in _SINGULAR_S or len(word) < 3 or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith("uses"):
        return word[:-2]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Whether a noun may stand in the plural."""
    return word in _SAME or singular(word) != word


def is_singular(word: str) -> bool:
    return word in _SAME or singular(word) == word


def verb_lemma(word: str, number: str) -> str | None:
    """The base form of a present-tense verb, or None where ``word`` cannot be one.

    ``number`` is ``s`` (third person singular: "chases"), or ``p`` (plural and after "does not":
    "chase").
    """
    if number == "p":
        if word == "have" or word in verbs():
            return word
        if word.endswith(("ed", "ing", "ly")) or word in _IRREGULAR_PAST:
            return None
        return word if not word.endswith("s") or word.endswith(("ss", "us")) else None
    if word == "has":
        return "have"
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < 3:
        return None
    options = [word[:-1]]
    if word.endswith("es"):
        options.append(word[:-2])
    if word.endswith("ies"):
        options.append(word[:-3] + "y")
    for option in options:
        if option in verbs():
            return option
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def is_verb(word: str, number: str) -> bool:
    """Whether ``word`` is a present form of a listed verb."""
    return verb_lemma(word, number) in verbs()


def is_past(word: str) -> bool:
    """Whether ``word`` may be a past form: of a listed irregular verb, or with its ending."""
    return word in _IRREGULAR_PAST or (word.endswith("ed") and word not in _ED_NOUNS)


def is_adverb(word: str) -> bool:
    return word.endswith("ly") and word not in adjectives() and word not in _LY_NOUNS


def unfit_adjective(word: str) -> bool:
    """Whether "is ``word``" is more, or other, than a plain property.

    True of comparatives and superlatives without what they compare to, of progressives ("is
    running"), of passives ("is seen") and of adverbs.
    """
    if word in COMPARATIVES:
        return True
    if word in adjectives() or word in DEMONYMS:
        return False
    return (
        is_adverb(word)
        or (word.endswith("est") and word not in _EST and len(word) > 4)
        or (word.endswith("ing") and len(word) > 5)
        or participle(word) is not None
        or word in _IRREGULAR_PAST
        or word in {"first", "second", "third", "going", "doing", "dying", "lying", "using"}
    )


def unfit_object(word: str) -> bool:
    """Whether a bare word after a verb is no object: an adjective, an adverb, a participle."""
    return (
        is_adverb(word)
        or word in TRAILING
        or word in adjectives()
        or (word.endswith("ed") and word not in _ED_NOUNS)
        or word in _IRREGULAR_PARTICIPLES
        or word in COMPARATIVES
    )
