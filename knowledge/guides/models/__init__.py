"""Guides, questions, stories, lessons; the topics that they are filed under; the articles that they cite."""

from .base import KnowledgePage, KnowledgePageQuerySet, Topic, TopicLink
from .indexes import GuideIndexPage, KnowledgeIndexPage, LessonIndexPage, QuestionIndexPage, StoryIndexPage
from .lessons import LessonPage
from .links import GuideCitation, PageLink
from .pages import GuidePage, QuestionPage, StoryPage

__all__ = [
    "GuideCitation",
    "GuideIndexPage",
    "GuidePage",
    "KnowledgeIndexPage",
    "KnowledgePage",
    "KnowledgePageQuerySet",
    "LessonIndexPage",
    "LessonPage",
    "PageLink",
    "QuestionIndexPage",
    "QuestionPage",
    "StoryIndexPage",
    "StoryPage",
    "Topic",
    "TopicLink",
]
