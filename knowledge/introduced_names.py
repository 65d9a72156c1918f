"""Chinese names people give themselves or each other in what they write. Pure.

A colleague known here as "Wang Fang" signs as 王芳: no row says that these are one. So a name is
known by the place it stands in, as in 我是值班工程师王芳 or 由王芳翻译.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# The hundred most frequent family names of the 2020 census, and those of two characters.
_FAMILY: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程苏魏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱江尹薛闫段雷侯龙"
    "史陶黎贺顾毛郝龚邵万钱覃武戴孔汤常温康施赖"
)
_DOUBLE: Final = "欧阳|上官|司马|诸葛|令狐|皇甫|司徒|东方|夏侯|尉迟|长孙|慕容|端木|公孙"
# Words that begin like a name and stand where one may stand.
_WORDS: Final = (
    "于是|任务|任何|任意|余下|余额|余量|何时|何处|何种|江苏|江西|方便|方可|方向|方式|方案|方法|施行|"
    "常亮|常用|常见|康复|孔径|温度|白名|白屏|白色|白板|白天|石家|秦皇|程序|程度|范例|范围|金额|"
    "钟表|许可|许多|谢谢|马上|高于|高亮|高低|高峰|高清|高级|高频|龙头|万一|万能|史上|"
    "武汉|黄屏|黄色|黄金|段落|汤姆|田字|付费|付款|周一|周二|周三|周四|周五|周六|周日|周末|周期|"
    "叶子|夏天|姜丝|贺卡|雷达|毛病|毛刺|曾经|肖像|苏州|董事|石英|马赛"
)
_NAME: Final = (
    rf"(?!{_WORDS})(?P<name>(?:{_DOUBLE})[\u4e00-\u9fff]{{1,2}}|[{_FAMILY}][\u4e00-\u9fff]{{1,2}}?)"
)
_TITLE: Final = (
    "工程师|主管|经理|组长|班长|客服|专员|总监|主任|负责人|联系人|对接人|老师|同事|同学"
    "|先生|女士|小姐"
)
# What may follow a name: the end of what was said, or what somebody does.
_END: Final = r"[\s，。、：；！？,.:;!?）)】」”\"'*`～~—-]|$"
_DOES: Final = (
    "(?:已经?|正|刚|马上|会|将|来|也|先){0,2}(?:在|跟进?|接手|接班|接替|负责|值班|处理|翻译|回复|联系|回答"
    "|解答|答复|排查|查看|安排|沟通|盯|和[你您]|跟[你您]|确认|协助|帮|说|您好|你好"
    f"|{_TITLE})"
)
_THEN: Final = f"(?={_END}|{_DOES})"
_PLACES: Final = tuple(
    re.compile(pattern, re.M)
    for pattern in (
        # 我是值班工程师王芳 · 我叫王芳 · 联系人：王芳
        rf"(?:我叫|我姓名|本人|(?:我是|这里是|这边是)(?:[^，。,.\n]{{0,24}}(?:{_TITLE}|的\s?))?"
        rf"|(?:{_TITLE})(?:是|为|[:：])?)\s?{_NAME}{_THEN}",
        # 由王芳翻译 · 请王芳跟进 · @王芳
        rf"(?:由(?!于)|请|让|找|问|交给|转给|转交|联系|@)\s?{_NAME}{_THEN}",
        # 王芳在跟。 · 王芳：请看日志 · 王芳您好
        rf"(?:^|[。！？!?\n]\s?){_NAME}(?={_DOES})",
        rf"^\s{{0,4}}{_NAME}(?=[:：]\s?(?:请|麻烦|您|你|我|好的|收到|在[吗么]))",
        # A signature: the name alone in its line.
        rf"^[\s—–-]{{0,6}}{_NAME}(?=\s{{0,4}}$)",
    )
)


def introduced(texts: Iterable[str]) -> set[str]:
    """The Chinese names in these texts, by the places they stand in; not all, and rarely a word."""
    return {match["name"] for text in texts for place in _PLACES for match in place.finditer(text)}
