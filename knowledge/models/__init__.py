"""Tables of the knowledge app, one aggregate a file."""

from knowledge.models.article import Article, ArticleKind, ArticleReader, Audience
from knowledge.models.article_file import ArticleFile, FileKind
from knowledge.models.category import Category
from knowledge.models.error_code import ErrorCode
from knowledge.models.feedback import ArticleFeedback
from knowledge.models.platform import Platform
from knowledge.models.product import Product
from knowledge.models.release import Change, ChangeKind, Release
from knowledge.models.search_index import (
    SearchDocument,
    SearchEmbedding,
    SearchLearning,
    SearchPassage,
    SearchPosting,
    SearchWord,
)
from knowledge.models.translation import Revision, TextState, Translation

__all__ = [
    "Article",
    "ArticleFeedback",
    "ArticleFile",
    "ArticleKind",
    "ArticleReader",
    "Audience",
    "Category",
    "Change",
    "ChangeKind",
    "ErrorCode",
    "FileKind",
    "Platform",
    "Product",
    "Release",
    "Revision",
    "SearchDocument",
    "SearchEmbedding",
    "SearchLearning",
    "SearchPassage",
    "SearchPosting",
    "SearchWord",
    "TextState",
    "Translation",
]
