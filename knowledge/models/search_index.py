"""The search index: what `knowledge.search` keeps of each published text, and of the words.

Rows are made from the texts and can be made again at any time. Who may read a text may read its
rows here, and nobody else: the walls look at the text itself.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from knowledge.languages import Language
from knowledge.models.article import Article, Audience
from knowledge.models.half_vector import HalfVectorField
from knowledge.models.translation import Translation
from knowledge.search.latent import DIMENSIONS
from knowledge.search.words import LONGEST_WORD


class SearchDocument(models.Model):
    """A published text, as indexed at `revision`, with sample code of that digest in `files`.

    `meaning` is its place in the space of both languages; null until that is learnt. A text
    that stands alone may have a `parallel`: the one in the other language that says most nearly
    the same, `likeness` (0 to 1) as nearly.
    """

    translation = models.OneToOneField(
        Translation, models.CASCADE, primary_key=True, related_name="indexed"
    )
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    language = models.CharField(max_length=2, choices=Language.choices)
    revision = models.PositiveIntegerField()
    files = models.CharField(max_length=32, blank=True, default="")
    fingerprint = ArrayField(models.IntegerField(), default=list)
    meaning = HalfVectorField(dimensions=DIMENSIONS, null=True)
    parallel = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    likeness = models.FloatField(default=0)

    class Meta:
        verbose_name = "indexed text"
        indexes = [
            # What the walls ask, for each search, without reading the vectors.
            models.Index(fields=["translation", "article"], name="search_document_article")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.language}"


class SearchPassage(models.Model):
    """A part of an indexed text, under one heading; `length` in words."""

    pk = models.CompositePrimaryKey("document_id", "number")
    document = models.ForeignKey(
        SearchDocument,
        models.CASCADE,
        related_name="passages",
        db_index=False,
        db_constraint=False,  # many rows, written and deleted with their document alone
    )
    article = models.ForeignKey(  # for the wall
        Article, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    number = models.SmallIntegerField()
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    length = models.PositiveIntegerField()

    class Meta:
        verbose_name = "passage"

    def __str__(self) -> str:
        return self.heading


class SearchPosting(models.Model):
    """That a word stands in a passage; `impact` is what this adds, before the word's rarity."""

    pk = models.CompositePrimaryKey("document_id", "word", "passage")
    document = models.ForeignKey(
        SearchDocument, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    article = models.ForeignKey(  # for the wall
        Article, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    passage = models.SmallIntegerField()
    word = models.BigIntegerField()  # search.words.number_of
    impact = models.FloatField()

    class Meta:
        verbose_name = "posting"
        indexes = [
            models.Index(
                fields=["word"],
                include=["document", "article", "passage", "impact"],
                name="search_postings_by_word",
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.document_id}"


class SearchWord(models.Model):
    """What was learnt of a word, from texts anybody may read (or, see `SearchLearning`, customers).

    `shown` is how it is mostly written; `passages`, in how many it stands; `meaning` its vector,
    scaled by its rarity; null for the rarest and the most.
    """

    number = models.BigIntegerField(primary_key=True)
    word = models.CharField(max_length=LONGEST_WORD * 2)
    shown = models.CharField(max_length=LONGEST_WORD * 2)
    passages = models.PositiveIntegerField()
    rarity = models.FloatField()
    meaning = HalfVectorField(dimensions=DIMENSIONS, null=True)

    class Meta:
        verbose_name = "word"
        indexes = [models.Index(fields=["shown"], name="search_words_shown")]

    def __str__(self) -> str:
        return self.shown


class SearchLearning(models.Model):
    """When and from what the words were learnt last; one row.

    `audience` is who may read all texts they were learnt from; `passages` and `documents` how
    many these were. `mean_length` is of a passage, in words, as all impacts assume it.
    """

    audience = models.CharField(max_length=13, choices=Audience.choices, default=Audience.PUBLIC)
    passages = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    mean_length = models.FloatField()
    learnt_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "learning"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="learning_is_one_row")]

    def __str__(self) -> str:
        return str(self.learnt_at)


class SearchEmbedding(models.Model):
    """Where an outside service places a text; only with a service set up."""

    document = models.OneToOneField(
        SearchDocument, models.CASCADE, primary_key=True, related_name="embedding"
    )
    revision = models.PositiveIntegerField()
    model = models.CharField(max_length=100)
    place = HalfVectorField()

    class Meta:
        verbose_name = "embedding"

    def __str__(self) -> str:
        return f"{self.pk} {self.model}"
