"""What editors build a page's body from."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from knowledge.blocks import RICH_TEXT_FEATURES, CitedArticleBlock

VIDEO_EXTENSIONS = ("mp4",)


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("做什么"), max_length=40, help_text=_("十八字以内，用动词开头"))
    text = blocks.TextBlock(
        label=_("怎么做"),
        rows=3,
        help_text=_("一到四句话。法条直接写《民法典》第一千零七十七条，页面会自动加上链接"),
    )

    class Meta:
        icon = "order"
        label = _("步骤")


class HelperBlock(blocks.StructBlock):
    """Somebody who helps: an office, a mediator, a hotline."""

    name = blocks.CharBlock(label=_("谁"), max_length=60)
    detail = blocks.CharBlock(label=_("能帮什么"), max_length=160, required=False)
    phone = blocks.RegexBlock(
        regex=r"^[0-9][0-9 \-]{2,19}$",
        label=_("电话"),
        required=False,
        error_messages={"invalid": _("电话只能有数字、空格和短横线，例如 12348 或 0571-1234567。")},
    )

    class Meta:
        icon = "group"
        label = _("找谁帮忙")


class NoticeBlock(blocks.StructBlock):
    """Something that a reader must not overlook."""

    kind = blocks.ChoiceBlock(
        choices=[("info", _("提示")), ("warning", _("注意")), ("success", _("好消息")), ("error", _("千万别做"))],
        default="info",
        label=_("类型"),
    )
    title = blocks.CharBlock(label=_("标题"), max_length=40, required=False)
    text = blocks.TextBlock(label=_("内容"), rows=2)

    class Meta:
        icon = "warning"
        label = _("提示框")
        template = "guides/blocks/notice.html"


class DownloadBlock(blocks.StructBlock):
    """A file to take along."""

    document = DocumentChooserBlock(label=_("文件"))
    title = blocks.CharBlock(label=_("名称"), max_length=80, required=False, help_text=_("留空则用文件自己的名称"))

    class Meta:
        icon = "doc-full"
        label = _("文件")


class VideoBlock(blocks.StructBlock):
    """A video of the site's own, or a link to one elsewhere.

    Nothing is embedded from other hosts: they would learn who reads what, and the content security policy refuses it.
    """

    title = blocks.CharBlock(label=_("标题"), max_length=80)
    file = DocumentChooserBlock(label=_("视频文件"), required=False, help_text=_("MP4，上传到文件库"))
    link = blocks.URLBlock(label=_("或网址"), required=False, help_text=_("别的网站上的视频，读者点开后在新页面看"))
    transcript = blocks.TextBlock(label=_("文字版"), required=False, rows=4, help_text=_("听不见、看不了的人读这个"))

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        errors: dict[str, ValidationError] = {}
        if not value["file"] and not value["link"] and not self.is_deferred_validation:
            errors["file"] = ValidationError(_("选一个视频文件，或填写网址。"))
        elif value["file"] and value["file"].file_extension.lower() not in VIDEO_EXTENSIONS:
            errors["file"] = ValidationError(_("视频文件要用 MP4 格式。"))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return value

    class Meta:
        icon = "media"
        label = _("视频")
        template = "guides/blocks/video.html"


class LawTableBlock(TableBlock):
    """A table with its caption and headers, that can be read on a narrow screen."""

    class Meta:
        icon = "table"
        label = _("表格")
        template = "guides/blocks/table.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES, label=_("文字"), template="guides/blocks/text.html")
    steps = blocks.ListBlock(StepBlock(), label=_("步骤"), icon="list-ol", template="guides/blocks/steps.html")
    notice = NoticeBlock()
    table = LawTableBlock()
    cited_article = CitedArticleBlock()
    downloads = blocks.ListBlock(
        DownloadBlock(), label=_("下载"), icon="download", template="guides/blocks/downloads.html"
    )
    video = VideoBlock()


class SourcesBlock(blocks.StreamBlock):
    """The articles that a page rests on."""

    article = CitedArticleBlock()


class StepsBlock(blocks.StreamBlock):
    """The steps of a guide."""

    step = StepBlock()


class HelpersBlock(blocks.StreamBlock):
    """Who helps."""

    helper = HelperBlock()


class MaterialsBlock(blocks.StreamBlock):
    """Files that go with a lesson."""

    document = DownloadBlock()
