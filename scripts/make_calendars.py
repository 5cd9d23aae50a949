"""Writes huiyin/rules/calendars/YYYY.toml from the development package chinesecalendar.

Needed once for each new year, after the State Council has published its notice: `python scripts/make_calendars.py 2027`.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar as source

FOLDER = Path(__file__).resolve().parent.parent / "huiyin/rules/calendars"
NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}  # fmt: skip
# 国办发明电〔2005〕35号：12月31日（星期六）上班; the package leaves it out.
OMITTED = {date(2005, 12, 31): "元旦"}


def write(year: int) -> None:
    rest, work, day = [], [], date(year, 1, 1)
    while day.year == year:
        holiday, name = source.get_holiday_detail(day)
        if source.is_workday(day) and day.weekday() >= 5:
            work.append(f'{day} = "{NAMES[source.constants.workdays[day]]}"')
        elif day in OMITTED:
            work.append(f'{day} = "{OMITTED[day]}"')
        elif holiday and name:
            rest.append(f'{day} = "{NAMES[name]}"')
        day += timedelta(days=1)
    text = f'source = "国务院办公厅关于{year}年部分节假日安排的通知"\n\n[rest]  # 放假\n'
    text += "\n".join(rest) + "\n\n[work]  # 调休上班\n" + "\n".join(work) + "\n"
    (FOLDER / f"{year}.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for one in sys.argv[1:] or range(2004, 2027):
        write(int(one))
