"""Controlled English to first-order logic, by rule and without a model.

``GRAMMAR_DOC`` describes the language. What is outside it is ``UNTRANSLATED`` with the word that
could not be read; it is never guessed at.
"""

from typing import Final

from neurosym.translate.english.closed import closed_world
from neurosym.translate.english.forms import MAX_CHARACTERS, translate, translate_all
from neurosym.translate.english.tokens import split_sentences

GRAMMAR_DOC: Final = """\
statement   = clauses | "if" clauses ["then" | ","] clauses | clauses "if" clauses
            | clauses "only if" clauses | clauses "if and only if" clauses
            | clauses "unless" clauses ("when" and "whenever" are "if")
reason      = "since" | "because" statement "," statement | statement "because" statement
              (two claims); "So," "Therefore" "It follows that" ... before a claim are dropped
clauses     = clause { ("," | "and" | "but" | "or") clause }, "either" clause "or" clause
clause      = subject predicate | "there is" noun | "it is not the case that" clause
            | "not every" ... | "only" plural predicate
subject     = noun { ("and" | "or") noun } | "neither" noun "nor" noun
noun        = Name | "the" words | ("every" | "each" | "all" | "any" | "no" | "some" | "a") words
              [("who" | "that" | "which") predicate] | plural words [who ...]
            | someone, something, anyone, everyone, everything, no one, nobody, nothing,
              those who, whoever, whatever | he, she, it, they
predicate   = verbphrase { ("and" | "or" | "but") verbphrase } | "neither" ... "nor" ...
verbphrase  = "is" ["not" | "never"] complement | ["does not" | "never"] verb [preposition] [noun]
complement  = adjective | "a" words | adjective preposition noun | comparative "than" noun
            | preposition noun | "the" noun "of" noun | participle "by" noun
              (lists with "and", "or", "neither ... nor", "either ... or [but not both]")
question    = "is" noun complement "?" | "does" noun verb ... "?"
            | "Is the following statement true, false, or unknown?" statement
            | "Is it true that" statement "?"

How it is read:
  Bob, Harry Potter     the constants bob, harry_potter
  the cat               the constant the_cat, or what "a cat" introduced before in the sentence
  cats, meat (object)   the kind, constants cats, meat: "Rex likes cats" says nothing of one cat
  eats, eat             the predicate eat; "lives in" live_in; "is taller than" taller_than
  wumpuses are big      for all x: wumpus(x) -> big(x); so too every, each, all, any
  every X is not Y      for all x: X(x) -> not Y(x);  "not every X is Y" denies the universal
  a whale is a mammal   for all x; with any other predicate "a whale" is not read as a subject
  some X, there is an X there is one (and none is assumed by "every")
  if someone/a dog ...  a variable of the whole rule, which "they", "it", "he", "the dog" mean
  red things/people     red(x); "people" and "someone" restrict nothing once they are described,
                        so that "red people" takes in all that is red;
                        bare "people" ("all people are mortal") is the predicate person
  red, cold X           red(x) and cold(x) and X(x) for listed adjectives; other words before a
                        noun make one predicate with it (computer_scientist)
  big, good ... X       big_X(x) and X(x): a small elephant is no small animal
  or                    inclusive; exclusive only with "but not both"
  not A or B            not (A or B); "not A and B" is not read
Not read: bare "everyone", "no one" (say "every person", "everything"),
modal verbs, past, future and progressive forms, possessives, numbers, most, few, always,
usually, adverbs, "that" after a verb, plurals with "the", "and" mixed with "or", a pronoun that may
mean two things, and every word order not listed above.
"""

__all__ = [
    "GRAMMAR_DOC",
    "MAX_CHARACTERS",
    "closed_world",
    "split_sentences",
    "translate",
    "translate_all",
]
