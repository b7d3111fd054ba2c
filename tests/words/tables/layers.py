"""What is said of hours, calendars, clock changes, beginnings, ends and jitter."""

from tests.words.tables.said import Said

LAYERS = [
    Said(
        {"trigger": "interval", "minutes": 5, "end_date": "2031-05-06", "jitter": 10},
        "Runs every 5 minutes from 2026-06-01 20:05 on (Asia/Shanghai). It ends at 2031-05-06 00:00. Each run is then delayed by up to 10 seconds.",
        "自 2026-06-01 20:05 起，每 5 分钟执行一次（Asia/Shanghai）。到 2031-05-06 00:00 为止。每次执行再延迟最多 10 秒。",
    ),
    Said(
        {"trigger": "interval", "minutes": 10, "allowed_hours": "09:00-12:00,22:00-02:00", "calendar": "work"},
        "Runs every 10 minutes from 2026-06-01 20:10 on (Asia/Shanghai). It runs only from 09:00 to 12:00 and from 22:00 to 02:00 of the next day, the ends excluded. It runs only on working days of the calendar work.",
        "自 2026-06-01 20:10 起，每 10 分钟执行一次（Asia/Shanghai）。仅在 09:00 至 12:00 和 22:00 至次日 02:00 执行，不含结束时刻。仅在日历“work”的工作日执行。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "work"},
        "Runs at 09:00 on working days of the calendar work (Asia/Shanghai).",
        "日历“work”的工作日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * 1", "calendar": "work", "on_excluded": "forward"},
        "Runs at 09:00 on Monday (Asia/Shanghai). What falls on a day that is no working day of the calendar work moves to the same time of the next working day.",
        "每周一 09:00 执行（Asia/Shanghai）。落在日历“work”非工作日的执行，顺延到下一个工作日的同一时刻。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "work", "on_excluded": "back", "jitter": 90},
        "Runs at 09:00 every day (Asia/Shanghai). What falls on a day that is no working day of the calendar work moves to the same time of the previous working day. Each run is then delayed by up to 1 minute 30 seconds.",
        "每天 09:00 执行（Asia/Shanghai）。落在日历“work”非工作日的执行，提前到上一个工作日的同一时刻。每次执行再延迟最多 1 分钟 30 秒。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "work", "working_day": 3},
        "Runs at 09:00 on the 3rd working day of the month in the calendar work (Asia/Shanghai).",
        "日历“work”中每月第 3 个工作日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "work", "working_day": -1},
        "Runs at 09:00 on the last working day of the month in the calendar work (Asia/Shanghai).",
        "日历“work”中每月最后一个工作日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "work", "working_day": -2},
        "Runs at 09:00 on the 2nd-to-last working day of the month in the calendar work (Asia/Shanghai).",
        "日历“work”中每月倒数第 2 个工作日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * *", "calendar": "work", "days": "non_working"},
        "Runs at 09:00 on days that are no working days of the calendar work (Asia/Shanghai).",
        "日历“work”的非工作日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/30 * * * *", "calendar": "work", "allowed_hours": "09:00-17:30"},
        "Runs every 30 minutes on working days of the calendar work (Asia/Shanghai). It runs only from 09:00 to 17:30, the end excluded.",
        "日历“work”的工作日每 30 分钟执行一次（Asia/Shanghai）。仅在 09:00 至 17:30 执行，不含结束时刻。",
    ),
    Said(
        {"trigger": "cron", "crontab": "30 2 * * *", "dst_gap": "skip", "dst_overlap": "both"},
        "Runs at 02:30 every day (Asia/Shanghai). Where the clocks go forward, it does not run at the times that they skip. Where the clocks go back, times that come twice count both times.",
        "每天 02:30 执行（Asia/Shanghai）。时钟调快时，被跳过的时刻不执行。时钟调慢时，出现两次的时刻两次都算。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/30 * * * *", "dst_gap": "at_shift", "dst_overlap": "second"},
        "Runs every 30 minutes (Asia/Shanghai). Where the clocks go forward, what they skip runs once, right after the change. Where the clocks go back, times that come twice count only the second time.",
        "每 30 分钟执行一次（Asia/Shanghai）。时钟调快时，被跳过的时刻合为一次，在调整后立即执行。时钟调慢时，出现两次的时刻只算第二次。",
    ),
    Said(
        {"trigger": "cron", "crontab": "30 2 * * *", "dst_gap": "same_offset"},
        "Runs at 02:30 every day (Asia/Shanghai). Where the clocks go forward, what they skip runs as if they had not been changed yet.",
        "每天 02:30 执行（Asia/Shanghai）。时钟调快时，被跳过的时刻仍按调整前的时钟执行。",
    ),
    Said(
        {"trigger": "cron", "hour": 3, "start_date": "2031-05-06", "end_date": "2032-05-06T12:30:15"},
        "Runs at 03:00 every day (Asia/Shanghai). It begins at 2031-05-06 00:00. It ends at 2032-05-06 12:30:15.",
        "每天 03:00 执行（Asia/Shanghai）。从 2031-05-06 00:00 开始生效。到 2032-05-06 12:30:15 为止。",
    ),
    Said(
        {"trigger": "cron", "day": "*/9", "hour": 1, "jitter": 0.5},
        "Runs at 01:00 on the 1st, 10th, 19th and 28th of the month (Asia/Shanghai). Each run is then delayed by up to 0.5 seconds.",
        "每月 1 日、10 日、19 日和 28 日 01:00 执行（Asia/Shanghai）。每次执行再延迟最多 0.5 秒。",
    ),
    Said(
        {"trigger": "calendarinterval", "months": 1, "start_date": "2031-05-06", "end_date": "2032-05-06"},
        "Runs at 00:00 every month from 2031-05-06 on (Asia/Shanghai). Its last day is 2032-05-06.",
        "自 2031-05-06 起，每月 00:00 执行一次（Asia/Shanghai）。最后一天是 2032-05-06。",
    ),
    Said(
        {"trigger": "calendarinterval", "months": 1, "start_date": "2026-01-31", "calendar": "work"},
        "Runs at 00:00 every month from 2026-01-31 on (Asia/Shanghai). A month that has no such day is passed over. It runs only on working days of the calendar work.",
        "自 2026-01-31 起，每月 00:00 执行一次（Asia/Shanghai）。没有相应日期的月份会被跳过。仅在日历“work”的工作日执行。",
    ),
]
