"""Click's own words in Chinese: it asks the standard library's gettext, which is given a small catalogue here."""

from __future__ import annotations

import gettext

_CHINESE = {
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Arguments": "参数",
    "Show this message and exit.": "显示本帮助后退出。",
    "Error: {message}": "错误: {message}",
    "Error": "错误",
    "Try '{command} {option}' for help.": "用“{command} {option}”查看帮助。",
    "No such command {name!r}.": "没有命令 {name!r}。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing command.": "请给出一个命令。",
    "default: {default}": "默认: {default}",
    "required": "必填",
    "(DEPRECATED) {text}": "(已弃用) {text}",
    "Invalid value: {message}": "值无效: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值无效: {message}",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "No such option: {name}": "没有选项 {name}",
    "No such option {name!r}.": "没有选项 {name!r}。",
    "File": "文件",
    "file": "文件",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 无法读取。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是有效的数字。",
    "Option {name!r} does not take a value.": "选项 {name!r} 不接受值。",
    "Aborted!": "已中止！",
    "Password": "密码",
    "Repeat for confirmation": "再输入一次",
    "Error: The two entered values do not match.": "错误: 两次输入不一致。",
}

_PLURAL = {
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在可选值 {choices} 之中。",
    "Got unexpected extra argument ({args})": "多出了参数 ({args})",
    "Option {name!r} requires an argument.": "选项 {name!r} 需要一个值。",
    "Did you mean {possibility}?": "是否想用 {possibility}？",
}


class _Words(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return _CHINESE.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _PLURAL.get(msgid1) or super().ngettext(msgid1, msgid2, n)


def speak(language: str) -> None:
    """Let Click speak ``language`` (``zh-hans`` or ``en``) in this process."""
    if language != "zh-hans":
        return
    words = _Words()
    import click.core
    import click.decorators
    import click.exceptions
    import click.formatting
    import click.parser
    import click.termui
    import click.types

    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.termui,
                   click.types):  # fmt: skip
        if hasattr(module, "_"):
            vars(module)["_"] = words.gettext
        if hasattr(module, "ngettext"):
            vars(module)["ngettext"] = words.ngettext
