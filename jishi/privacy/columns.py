"""Whether a column that somebody wants to import holds personal data: by its name, and by what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice, pairwise

from jishi.privacy.detect import SURNAMES, find_personal

LOOKED_AT = 200
ENOUGH = 10

#: Chinese column names, in order: the first that is found says what the column holds.
_CHINESE = (
    ("id_number", re.compile(r"身份证|证件号|公民身份|护照|社保号|驾驶证|居住证号|军官证")),
    ("phone", re.compile(r"手机|电话|联系方式|联系号码|座机|传真|微信|QQ", re.IGNORECASE)),
    ("email", re.compile(r"邮箱|邮件|电子信箱")),
    ("plate", re.compile(r"车牌|号牌|车号|车架号")),
    ("trait", re.compile(
        r"民族|宗教|信仰|政治面貌|党员|性别|年龄|出生|生日|婚姻|学历|籍贯|病史|健康状况|残疾|指纹|人脸|血型|银行卡|银行账"
    )),
    ("home", re.compile(r"户籍|家庭住址|现住址|居住地址|房号|门牌室|暂住地")),
    ("name", re.compile(
        r"姓名|名字|人名|昵称|用户名|报警人|举报人|报案人|报告人|联系人|当事人|投诉人|申请人|来电人|反映人|求助人|诉求人|上报人"
        r"|业主|户主|房东|租客|租户|住户|司机|驾驶人|嫌疑人|受害人|被害人|证人|监护人|法人代表|负责人|经办人|承办人|处理人|办理人"
        r"|接警员|接警人|出警人|处警人|登记人|录入人|审核人|民警|辅警|网格员"
    )),
)  # fmt: skip
#: With one of these at its end a column is about the matter after all: 报警人数, 联系人类别.
_CHINESE_NOT = re.compile(
    r"(?<!出生)(?<!联系)(数|数量|类型|类别|方式|时间|日期|次数|来源|状态|结果|单位|部门|渠道|编码)$"
)

_PHONE = frozenset({
    "phone", "phones", "mobile", "cellphone", "telephone", "tel", "fax", "whatsapp", "wechat", "msisdn",
})  # fmt: skip
_EMAIL = frozenset({
    "email", "emails", "mail",
})  # fmt: skip
_PLATE = frozenset({
    "plate", "plates", "licenseplate", "licenceplate", "numberplate", "vin",
})  # fmt: skip
_ID = frozenset({
    "ssn", "passport", "idcard", "nric", "nationalid", "identitycard", "identityno", "identitynumber",
    "socialsecurity",
})  # fmt: skip
_TRAIT = frozenset({
    "gender", "sex", "age", "birth", "birthday", "birthdate", "dob", "ethnicity", "ethnic", "race", "religion",
    "religious", "nationality", "politics", "political", "disability", "diagnosis", "marital", "fingerprint",
    "biometric", "iban",
})  # fmt: skip
_PERSON = frozenset({
    "caller", "reporter", "complainant", "complainer", "contact", "customer", "resident", "citizen", "requester",
    "requestor", "applicant", "victim", "suspect", "witness", "offender", "owner", "tenant", "landlord", "submitter",
    "informant", "person", "patient", "driver", "officer", "handler", "assignee", "user", "operator", "guardian",
    "employee",
})  # fmt: skip
_NAME = frozenset({
    "name", "names", "fullname", "firstname", "lastname", "surname", "forename", "nickname", "username",
})  # fmt: skip
_NAME_OF_A_PERSON = _NAME - {"name", "names"}
_NAME_PARTS = frozenset(["first", "last", "middle", "given", "family", "full", "sur", "nick", "maiden", "user"])
#: Beside one of these a person's word or "name" is about something else: owner department, contact method.
_NOT = frozenset({
    "type", "types", "category", "method", "mode", "count", "unit", "department", "dept", "agency", "office",
    "channel", "status", "time", "date", "district", "group", "team", "role", "kind", "class", "code", "source",
    "total", "number", "no",
})  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def looks_personal_column(name: str, values: Iterable[str] = ()) -> str | None:
    """Say what about a person a column seems to hold (name, phone, id_number, email, plate, home, trait), or None.

    ``values`` may be a sample: a column with an innocent name is caught by what stands in it.
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    return (
        _by_chinese(plain) or _by_english(re.findall(r"[a-z]+", _CAMEL.sub(" ", plain).lower())) or _by_values(values)
    )


def _by_chinese(name: str) -> str | None:
    if _CHINESE_NOT.search(name):
        return None
    return next((kind for kind, pattern in _CHINESE if pattern.search(name)), None)


def _by_english(words: list[str]) -> str | None:
    tokens = set(words)
    both = tokens | {"".join(pair) for pair in pairwise(words)}
    if both & _ID or words in (["id", "number"], ["id", "no"], ["identity"]):
        return "id_number"
    if both & _EMAIL:
        return "email"
    if both & _PHONE and not tokens & (_NOT - {"number", "no"}):
        return "phone"
    if both & _PLATE and not tokens & (_NOT - {"number", "no"}):
        return "plate"
    if tokens & _NOT:
        return None
    if tokens & _TRAIT:
        return "trait"
    if tokens & _PERSON or both & _NAME_OF_A_PERSON:
        return "name"
    if tokens & _NAME and (len(tokens) == 1 or tokens & _NAME_PARTS):
        return "name"
    return None


def _by_values(values: Iterable[str]) -> str | None:
    sample = [value.strip() for value in islice((value for value in values if value and value.strip()), LOOKED_AT)]
    if len(sample) < ENOUGH:
        return None
    kinds: dict[str, int] = {}
    for value in sample:
        for found in find_personal(value)[:1]:
            if found.end - found.start >= 0.7 * len(value):
                kinds[found.kind] = kinds.get(found.kind, 0) + 1
    most = max(kinds, key=kinds.__getitem__, default="")
    if most and kinds[most] >= 0.2 * len(sample):
        return {"mobile": "phone"}.get(most, most)
    return "name" if _like_names(sample) else None


def _like_names(sample: list[str]) -> bool:
    """Whether nearly all are two or three Chinese characters that begin with a common surname, and few repeat."""
    names = [value for value in sample if re.fullmatch(r"[\u4e00-\u9fff]{2,3}", value) and value[0] in SURNAMES]
    return len(names) >= 0.8 * len(sample) and len(set(names)) >= 0.5 * len(names)
