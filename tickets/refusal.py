"""The error pure arithmetic raises for settings a person typed in.

It carries an English sentence and its values apart, so that a form can translate the
sentence (`gettext(error.sentence) % error.values`) without the arithmetic knowing Django.
"""


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the message catalogues; the text itself is returned unchanged."""
    return sentence


class Refusal(ValueError):
    """Settings that cannot work, said in one sentence that a form can show as it is."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence % values)
