"""A made-up table of another system, and the map that says what its columns mean."""

from __future__ import annotations

from pathlib import Path

ROWS = """\
编号,上报时间,办结时间,类别,地点,责任单位,时限
E-1,2026-03-02 08:15:00,2026-03-03 09:00:00,路灯,和平里3号楼,市政维修中心,2026-03-09 08:15:00
E-2,2026-03-02 09:30:00,,井盖,幸福路与平安街口,市政维修中心,2026-03-03 09:30:00
E-3,2026-03-04 22:05:59,,噪声,文化巷51号,城市管理执法大队,2026-03-11 22:05:59
E-4,2026-03-05 10:00:00,,路灯,建设路18号,市政维修中心,
E-5,不详,,路灯,建设路20号,市政维修中心,
"""
MAP = """\
source = "hotline"
[file]
format = "csv"
[time]
zone = "Asia/Shanghai"
[fields]
external_id = "编号"
reported_at = "上报时间"
closed_at = "办结时间"
due_at = "时限"
place = "地点"
[fields.title]
template = "{类别} · {地点}"
[fields.unit]
column = "责任单位"
[fields.category]
column = "类别"
[fields.category.values]
"路灯" = "public.light"
"井盖" = "public.manhole"
"噪声" = "nuisance.noise"
"""


def write_tables(folder: Path, mark: str = "E") -> tuple[Path, Path]:
    """The table and its map as files; ``mark`` begins its numbers, so that another one has other matters."""
    table, sense = folder / f"{mark}.csv", folder / "hotline.toml"
    table.write_text(ROWS.replace("E-", f"{mark}-"), encoding="utf-8")
    sense.write_text(MAP, encoding="utf-8")
    return table, sense
