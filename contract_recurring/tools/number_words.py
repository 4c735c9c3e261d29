"""Numbers as contracts write them: the figure, then its words in brackets.

The words are Portuguese: so is the text they stand in.
"""

from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

LANGUAGE = "pt_BR"


def write_figure(number):
    """Return a number without needless zeros, with a comma.

    >>> write_figure(Decimal("2.00")), write_figure(0.5), write_figure(120)
    ('2', '0,5', '120')
    """
    return f"{Decimal(str(number)).normalize():f}".replace(".", ",")


def number_in_words(number):
    """Return a number and its words.

    >>> number_in_words(30)
    '30 (trinta)'
    """
    exact = Decimal(write_figure(number).replace(",", "."))
    return f"{write_figure(number)} ({num2words(exact, lang=LANGUAGE)})"


def percent_in_words(number):
    """Return a percentage and its words.

    >>> percent_in_words(2), percent_in_words(0.5)
    ('2% (dois por cento)', '0,5% (zero vírgula cinco por cento)')
    """
    exact = Decimal(write_figure(number).replace(",", "."))
    return f"{write_figure(number)}% ({num2words(exact, lang=LANGUAGE)} por cento)"


def reais_in_words(amount):
    """Return an amount of reais in words, rounded to the cent.

    >>> reais_in_words(99.90)
    'noventa e nove reais e noventa centavos'
    >>> reais_in_words(0.5), reais_in_words(0)
    ('cinquenta centavos', 'zero reais')
    """
    cents = Decimal(str(amount)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    words = num2words(cents, lang=LANGUAGE, to="currency")
    return words.removeprefix("zero reais e ")
