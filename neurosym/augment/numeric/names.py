"""Personal names: which words of a text are some, and others in their place."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Final

# Names that are no other English word, so that a capital makes no sentence's first word a name.
_WOMEN_NAMES: Final = """
Abby Abigail Adriana Agatha Aisha Alexa Alexandra Alice Alicia Alison Alyssa Amanda Amelia Amy
Andrea Angela Anna Anne Annie Annika Audrey Ava Barbara Bea Beatrice Becky Bella Bernice Beth
Bethany Betty Bianca Brenda Bridget Camila Candice Carla Carmen Carol Caroline Cassie Catherine
Cecilia Chloe Christina Cindy Claire Clara Cynthia Dana Danielle Darla Deborah Delilah Diana
Dolly Donna Dora Doris Dorothy Edith Elaine Eleanor Elena Elise Elizabeth Ella Ellen Elsa Emily
Emma Erica Erin Esther Eva Evelyn Fatima Fiona Gabriela Gina Gloria Greta Gretchen Gwen Hanna
Hannah Harriet Hazel Heather Helen Helena Ingrid Irene Isabel Isabella Ivy Jackie Jacqueline
Jane Janet Janice Janine Jeanette Jen Jenna Jennifer Jenny Jessica Jill Joan Joanna Jocelyn
Josephine Josie Joyce Judith Judy Julia Julie Karen Kate Katherine Kathy Katie Kayla Kaylee
Kelly Kendra Kim Kimberly Kristen Kristin Krystal Kylie Lara Laura Lauren Leah Leila Lena Lily
Linda Lisa Liz Lola Lori Louise Lucia Lucy Luna Lydia Mabel Maddie Maggie Mandy Marcia Margaret
Maria Marianne Marie Marilyn Marissa Marla Martha Mary Matilda Maya Megan Melanie Melissa Mia
Michelle Mila Millie Mina Mindy Miranda Molly Monica Myra Nadia Nancy Naomi Natalia Natalie
Natasha Nicole Nina Nora Norma Olivia Pamela Patricia Paula Peggy Polly Priscilla Rachel Ramona
Rebecca Rita Roberta Rosa Rosie Ruth Sabrina Sally Samantha Sandra Sara Sarah Sasha Selena
Shannon Sharon Sheila Shelly Sierra Silvia Sofia Sonia Sophia Sophie Stella Stephanie Susan
Suzanne Sylvia Tamara Tanya Tara Teresa Tess Tiffany Tina Tracy Trisha Ursula Valerie Vanessa
Veronica Vicky Violetta Wendy Whitney Yasmin Yolanda Yvonne Zara Zoe
"""
_MEN_NAMES: Final = """
Aaron Adam Ahmed Alan Albert Alex Alfred Andre Andrew Andy Anthony Antonio Arnold Arthur Barry
Ben Benjamin Bernard Billy Bob Bobbie Bobby Brad Bradley Brandon Brennan Brian Bruce Bruno Bryan
Caleb Calvin Cameron Carl Carlos Cedric Charles Charlie Christopher Clark Colin Connor Craig Dan
Daniel Danny Darius Darren Dave David Dean Dennis Derek Diego Dominic Don Donald Doug Douglas
Dylan Eddie Edgar Edward Edwin Eli Elias Eric Ethan Eugene Felix Fernando Francis Frank Fred
Freddy Gabriel Gary Geoffrey George Gerald Gilbert Glen Gordon Greg Gregory Harold Harry Hector
Henry Herbert Howard Hugo Ian Isaac Ivan Jack Jacob Jake James Jamie Jared Jason Jeff Jeffrey
Jeremy Jerome Jerry Jim Jimmy Joe Joel Joey John Johnathan Johnny Jonah Jonathan Jorge Jose
Joseph Josh Joshua Juan Julian Justin Karl Keith Ken Kenneth Kevin Kurt Kyle Larry Lawrence
Lenny Leo Leon Leonard Liam Lionel Louis Lucas Luis Luke Malcolm Manny Marco Marcus Mario Mark
Martin Marty Marvin Mason Matt Matthew Michael Miguel Mike Milo Mitchell Mohamed Nathan Ned Neil
Nicholas Nick Nicky Noah Nolan Norman Oliver Omar Oscar Otto Owen Patrick Paul Pedro Percy Perry
Pete Peter Philip Phillip Quentin Rafael Ralph Ramon Randy Raul Raymond Reggie Rick Ricky Rob
Robbie Robert Roberto Rodney Roger Ron Ronald Ronnie Roy Rudy Russell Ryan Salvador Sam Sammy
Samuel Scott Sean Sebastian Seth Shawn Silas Simon Solomon Stan Stanley Steve Steven Stuart Ted
Terry Theodore Thomas Tim Timmy Timothy Tobias Toby Todd Tom Tommy Tony Travis Trevor Tyler
Tyrone Victor Vince Vincent Walter Wayne Wesley William Willie Wyatt Xavier Zach Zachary Zack
"""
_WOMEN: Final = tuple(_WOMEN_NAMES.split())
_MEN: Final = tuple(_MEN_NAMES.split())
_GENDER: Final = {**dict.fromkeys(_WOMEN, _WOMEN), **dict.fromkeys(_MEN, _MEN)}
# "Austin, Texas", "Sofia Smith", "St. Mary", "Mark Street": a longer name that is left alone.
_NAME: Final = re.compile(
    r"(?<![A-Za-z-])(?<!St\. )(?<!Saint )(?<!Mr\. )(?<!Mrs\. )([A-Z][a-z]+)"
    r"(?![A-Za-z-]| [A-Z][a-z]|, [A-Z][a-z]+[.,])"
)


def find(text: str) -> list[tuple[int, int, str]]:
    """Known personal names that stand alone: start, end, name."""
    return [
        (*match.span(1), match.group(1))
        for match in _NAME.finditer(text)
        if match.group(1) in _GENDER
    ]


def rename(names: tuple[str, ...], taken: frozenset[str], rng: random.Random) -> Mapping[str, str]:
    """Another name of the same gender for each, all different, none of ``taken``."""
    out: dict[str, str] = {}
    for name in names:
        used = taken | frozenset(out.values()) | frozenset(names)
        out[name] = rng.choice([other for other in _GENDER[name] if other not in used])
    return out
