"""Names of people among names of places."""

import pytest

from jishi.privacy import is_person_name


@pytest.mark.parametrize(
    "name",
    [
        "张伟",
        "欧阳修文",
        "个体工商户张伟",
        "张伟(个体户)",
        "经营者：李建国",
        "王 芳",
        "SMITH, JOHN",
        "Smith, John A.",
        "John Smith",
        "Mrs. Lee",
    ],
)
def test_the_name_of_a_person(name):
    assert is_person_name(name)


@pytest.mark.parametrize(
    "name",
    ["李记面馆", "白塔寺", "黄河路", "高桥", "张家界酒店", "平安超市", "李娜小吃店", "Golden Diner", "John Deli",
     "Mary's Kitchen", "Restaurant · 12 A ST", "Harry Caray's Tavern Co", ""],
)  # fmt: skip
def test_the_name_of_a_place(name):
    assert not is_person_name(name)
