"""Chinese names are known by the places they stand in."""

from __future__ import annotations

import time

import pytest

from knowledge.introduced_names import introduced

NAMED = [
    ("我是值班工程师王芳，已经在处理。", {"王芳"}),
    ("我是音视频组的 Lena Fischer，由王芳翻译。", {"王芳"}),
    ("我是 StarCast 的林立峰。", {"林立峰"}),
    ("我叫欧阳娜娜", {"欧阳娜娜"}),
    ("王芳在跟。先说结论：没有丢。", {"王芳"}),
    ("好的。陈晓东马上会跟进", {"陈晓东"}),
    ("联系人：孙锐", {"孙锐"}),
    ("@赵敏 请看", {"赵敏"}),
    ("请何敏协助一下", {"何敏"}),
    ("您的问题由赵敏马上回答。", {"赵敏"}),
    ("陈晓东：请看日志", {"陈晓东"}),
    ("顾老师您好，我是值班主管陈宇", {"顾老师", "陈宇"}),
    ("谢谢！\n\n—— 陈晓东\n", {"陈晓东"}),
]
WORDS = [
    "程序在跑，任务会重试。高峰在晚上。",
    "由于是周末，请高亮显示；请任意选一个。",
    "我是开发者，同事高清会跟进",
    "白屏在安卓平板上，麦克风、华为、荣耀都试了",
    "任务：上传\n方法：重启\n范围：全部",
    "老师端从今天早上起用 H.265",
    "I am the engineer on duty",
]


@pytest.mark.parametrize(("text", "names"), NAMED)
def test_a_name_is_found_where_names_stand(text: str, names: set[str]) -> None:
    assert introduced([text]) == names


@pytest.mark.parametrize("text", WORDS)
def test_a_word_that_begins_like_a_name_is_none(text: str) -> None:
    assert introduced([text]) == set()


@pytest.mark.parametrize("text", ["我是" * 30_000, "王" * 60_000, "\n" * 60_000, "请王 " * 20_000])
def test_long_texts_take_no_time(text: str) -> None:
    began = time.process_time()
    introduced([text])
    assert time.process_time() - began < 2
