"""What is said of instants, of steps, and of the fields of the cron trigger."""

from tests.words.tables.said import Said

FIELDS = [
    Said(
        {"trigger": "date", "run_date": "2031-05-06T07:08:09"},
        "Runs once, at 2031-05-06 07:08:09 (Asia/Shanghai).",
        "2031-05-06 07:08:09 执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "interval", "seconds": 1},
        "Runs every second from 2026-06-01 20:00:01 on (Asia/Shanghai).",
        "自 2026-06-01 20:00:01 起，每秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "interval", "seconds": 10},
        "Runs every 10 seconds from 2026-06-01 20:00:10 on (Asia/Shanghai).",
        "自 2026-06-01 20:00:10 起，每 10 秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "interval", "hours": 193, "seconds": 61},
        "Runs every 1 week 1 day 1 hour 1 minute 1 second (days of 24 hours) from 2026-06-09 21:01:01 on (Asia/Shanghai).",
        "自 2026-06-09 21:01:01 起，每 1 周 1 天 1 小时 1 分钟 1 秒（一天按 24 小时计）执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "interval", "days": 1, "start_date": "2026-06-01T09:00"},
        "Runs every 24 hours from 2026-06-01 09:00 on (Asia/Shanghai).",
        "自 2026-06-01 09:00 起，每 24 小时执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "interval", "seconds": 0.5},
        "Runs every 500 milliseconds from 2026-06-01 20:00 on (Asia/Shanghai).",
        "自 2026-06-01 20:00 起，每 500 毫秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "manual"},
        "Runs only when somebody, or another program, tells it to.",
        "仅在有人或其他程序发起时执行。",
    ),
    Said(
        {"trigger": "cron"},
        "Runs every second (Asia/Shanghai).",
        "每秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "hour": 3},
        "Runs at 03:00 every day (Asia/Shanghai).",
        "每天 03:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "minute": "*/5"},
        "Runs every 5 minutes (Asia/Shanghai).",
        "每 5 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "day_of_week": "0-4", "hour": 9},
        "Runs at 09:00 on Monday to Friday (Asia/Shanghai).",
        "每周一至周五 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "day_of_week": "mon,wed,fri", "hour": "9,17", "minute": 30},
        "Runs at 09:30 and 17:30 on Monday, Wednesday and Friday (Asia/Shanghai).",
        "每周一、周三和周五 09:30 和 17:30 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "day": "last"},
        "Runs at 00:00 on the last day of the month (Asia/Shanghai).",
        "每月最后一天 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "day": "2nd sun,last fri"},
        "Runs at 00:00 on the 2nd Sunday and last Friday of the month (Asia/Shanghai).",
        "每月第 2 个周日和最后一个周五 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "month": 5},
        "Runs at 00:00 on the 1st of May (Asia/Shanghai).",
        "每年 5 月 1 日 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "year": 2031},
        "Runs at 00:00 on the 1st of January (Asia/Shanghai). It runs only in 2031.",
        "每年 1 月 1 日 00:00 执行（Asia/Shanghai）。仅在 2031 年执行。",
    ),
    Said(
        {"trigger": "cron", "year": "2026-2030", "month": 1},
        "Runs at 00:00 on the 1st of January (Asia/Shanghai). It runs only in 2026 to 2030.",
        "每年 1 月 1 日 00:00 执行（Asia/Shanghai）。仅在 2026 年至 2030 年执行。",
    ),
    Said(
        {"trigger": "cron", "year": "*/2"},
        "Runs at 00:00 on the 1st of January (Asia/Shanghai). It runs only in the first of every 2 years from 1970 on.",
        "每年 1 月 1 日 00:00 执行（Asia/Shanghai）。仅在自 1970 年起每 2 年中的第 1 年执行。",
    ),
    Said(
        {"trigger": "cron", "week": 53},
        "Runs at 00:00 every day (Asia/Shanghai). It runs only in week 53 of the year, as ISO 8601 counts weeks.",
        "每天 00:00 执行（Asia/Shanghai）。仅在每年第 53 周执行（按 ISO 8601 计周）。",
    ),
    Said(
        {"trigger": "cron", "week": "1-10", "day_of_week": "mon"},
        "Runs at 00:00 on Monday (Asia/Shanghai). It runs only in week 1 to week 10 of the year, as ISO 8601 counts weeks.",
        "每周一 00:00 执行（Asia/Shanghai）。仅在每年第 1 周至第 10 周执行（按 ISO 8601 计周）。",
    ),
    Said(
        {"trigger": "cron", "day": "1-7", "day_of_week": "mon", "hour": 9},
        "Runs at 09:00 on the 1st to 7th of the month, if that is Monday (Asia/Shanghai).",
        "每月 1 日至 7 日（仅当该日为周一）09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "second": "*/20"},
        "Runs every 20 seconds (Asia/Shanghai).",
        "每 20 秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "calendarinterval", "years": 2, "days": 1, "start_date": "2031-05-06", "hour": 9},
        "Runs at 09:00 every 2 years 1 day from 2031-05-06 on (Asia/Shanghai). A month that has no such day is passed over.",
        "自 2031-05-06 起，每 2 年 1 天 09:00 执行一次（Asia/Shanghai）。没有相应日期的月份会被跳过。",
    ),
    Said(
        {"trigger": "calendarinterval", "years": 1, "start_date": "2028-02-29", "hour": 12},
        "Runs at 12:00 every year from 2028-02-29 on (Asia/Shanghai). A month that has no such day is passed over.",
        "自 2028-02-29 起，每年 12:00 执行一次（Asia/Shanghai）。没有相应日期的月份会被跳过。",
    ),
    Said(
        {"trigger": "calendarinterval", "weeks": 3, "hour": 9, "minute": 30, "start_date": "2026-06-01"},
        "Runs at 09:30 every 3 weeks from 2026-06-01 on (Asia/Shanghai).",
        "自 2026-06-01 起，每 3 周 09:30 执行一次（Asia/Shanghai）。",
    ),
]
