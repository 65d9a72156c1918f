"""Tables of the knowledge app, one aggregate a file."""

from knowledge.models.announcement import ReleaseAnnouncement, ReleaseMailMute
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
from knowledge.models.search_log import SearchClick, SearchRecord
from knowledge.models.translation import Revision, TextState, Translation
from knowledge.models.upgrade import ChecklistTick, RunningVersion, UpgradeChecklist

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
    "ChecklistTick",
    "ErrorCode",
    "FileKind",
    "Platform",
    "Product",
    "Release",
    "ReleaseAnnouncement",
    "ReleaseMailMute",
    "Revision",
    "RunningVersion",
    "SearchClick",
    "SearchDocument",
    "SearchEmbedding",
    "SearchLearning",
    "SearchPassage",
    "SearchPosting",
    "SearchRecord",
    "SearchWord",
    "TextState",
    "Translation",
    "UpgradeChecklist",
]
