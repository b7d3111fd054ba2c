"""What is said of recurrence rules, and of several triggers in one."""

from tests.words.tables.said import Said

RULES = [
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=-1FR", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the last Friday of the month (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每月最后一个周五 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=WEEKLY;BYDAY=MO,TH;INTERVAL=2", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on Monday and Thursday (Asia/Shanghai). It runs only in the first of every 2 weeks, counted from that of 2026-01-01; weeks begin on Monday. It begins at 2026-01-01 09:00.",
        "每周一和周四 09:00 执行（Asia/Shanghai）。从 2026-01-01 所在的周起，每 2 周只在第 1 周执行；每周从周一开始。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=DAILY;INTERVAL=3", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 every 3 days from 2026-01-01 on (Asia/Shanghai).",
        "自 2026-01-01 起，每 3 天 09:00 执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=DAILY", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 every day (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每天 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=HOURLY;INTERVAL=5", "start_date": "2026-01-01T09:00"},
        "Runs every 5 hours on the clock from 2026-01-01 09:00 on (Asia/Shanghai).",
        "自 2026-01-01 09:00 起，按当地时间每 5 小时执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=HOURLY;INTERVAL=6", "start_date": "2026-01-01T09:00"},
        "Runs at 03:00, 09:00, 15:00 and 21:00 every day (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每天 03:00、09:00、15:00 和 21:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MINUTELY;INTERVAL=90", "start_date": "2026-01-01T09:00"},
        "Runs every 90 minutes on the clock from 2026-01-01 09:00 on (Asia/Shanghai).",
        "自 2026-01-01 09:00 起，按当地时间每 90 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,-1", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 1st and last day of the month (Asia/Shanghai). It runs only in the first of every 2 months, counted from 2026-01. It begins at 2026-01-01 09:00.",
        "每月 1 日和最后一天 09:00 执行（Asia/Shanghai）。从 2026-01 起，每 2 个月只在第 1 个月执行。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;INTERVAL=4", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 1st of January (Asia/Shanghai). It runs only in the first of every 4 years, counted from 2026. It begins at 2026-01-01 09:00.",
        "每年 1 月 1 日 09:00 执行（Asia/Shanghai）。从 2026 年起，每 4 年只在第 1 年执行。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYDAY=20MO", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 20th Monday of the year (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每年第 20 个周一 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYYEARDAY=1,100,-1", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 1st day, 100th day and last day of the year (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每年第 1 天、第 100 天和最后一天 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on Monday (Asia/Shanghai). It runs only in week 20 and the last week of the year, as ISO 8601 counts weeks. It begins at 2026-01-01 09:00.",
        "每周一 09:00 执行（Asia/Shanghai）。仅在每年第 20 周和最后一周执行（按 ISO 8601 计周）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {
            "trigger": "rrule",
            "rrule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
            "start_date": "2026-01-01T09:00",
        },
        "Runs at 09:00 on Monday to Friday (Asia/Shanghai). Of these times, each month keeps only the 1st and the last. It begins at 2026-01-01 09:00.",
        "每周一至周五 09:00 执行（Asia/Shanghai）。其中每月只取第 1 次和最后一次。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=DAILY;COUNT=30", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 every day (Asia/Shanghai). It begins at 2026-01-01 09:00. Only the first 30 times count.",
        "每天 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。只取前 30 次。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=DAILY;UNTIL=20300101T123000Z", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 every day (Asia/Shanghai). It begins at 2026-01-01 09:00. It ends at 2030-01-01 20:30.",
        "每天 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。到 2030-01-01 20:30 为止。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 13th of the month, if that is Friday (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每月 13 日（仅当该日为周五）09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=WEEKLY;WKST=SU;INTERVAL=2", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on Thursday (Asia/Shanghai). It runs only in the first of every 2 weeks, counted from that of 2026-01-01; weeks begin on Sunday. It begins at 2026-01-01 09:00.",
        "每周四 09:00 执行（Asia/Shanghai）。从 2026-01-01 所在的周起，每 2 周只在第 1 周执行；每周从周日开始。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MINUTELY;BYHOUR=9;INTERVAL=7", "start_date": "2026-01-01T09:00"},
        "Runs every minute from 09:00 to 09:59 every day (Asia/Shanghai). It runs only in the first of every 7 minutes, counted from that of 2026-01-01 09:00. It begins at 2026-01-01 09:00.",
        "每天 09:00 至 09:59 每分钟执行一次（Asia/Shanghai）。从 2026-01-01 09:00 所在的分钟起，每 7 分钟只在第 1 分钟执行。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU,-1SU", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 2nd Sunday and last Sunday of March (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每年 3 月第 2 个周日和最后一个周日 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=DAILY;COUNT=1", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 every day (Asia/Shanghai). It begins at 2026-01-01 09:00. Only the first time counts.",
        "每天 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。只取前 1 次。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=MO,2TU", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on Monday or on the 2nd Tuesday of the month (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每周一或每月第 2 个周二 09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYWEEKNO=5;WKST=SU;BYDAY=MO", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on Monday (Asia/Shanghai). It runs only in week 5 of the year; weeks begin on Sunday, and the first has four days or more in its year. It begins at 2026-01-01 09:00.",
        "每周一 09:00 执行（Asia/Shanghai）。仅在每年第 5 周执行；每周从周日开始，第 1 周是当年第一个至少含四天的周。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=DAILY;INTERVAL=3;BYDAY=MO", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on Monday (Asia/Shanghai). It runs only on the first of every 3 days, counted from 2026-01-01. It begins at 2026-01-01 09:00.",
        "每周一 09:00 执行（Asia/Shanghai）。从 2026-01-01 起，每 3 天只在第 1 天执行。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=YEARLY;BYYEARDAY=100;BYMONTH=4", "start_date": "2026-01-01T09:00"},
        "Runs at 09:00 on the 100th day of the year, if that is a day in April (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每年第 100 天（仅当该日为 4 月的一天）09:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {"trigger": "rrule", "rrule": "FREQ=MONTHLY;BYDAY=-2FR,1MO;BYHOUR=8,20", "start_date": "2026-01-01T09:00"},
        "Runs at 08:00 and 20:00 on the 2nd-to-last Friday and 1st Monday of the month (Asia/Shanghai). It begins at 2026-01-01 09:00.",
        "每月倒数第 2 个周五和第 1 个周一 08:00 和 20:00 执行（Asia/Shanghai）。从 2026-01-01 09:00 开始生效。",
    ),
    Said(
        {
            "trigger": "and",
            "triggers": [
                {"trigger": "cron", "hour": 9},
                {"trigger": "interval", "days": 3, "start_date": "2026-06-01T09:00"},
            ],
        },
        "Runs whenever all of these rules are due at once (Asia/Shanghai). Rule 1: at 09:00 every day. Rule 2: every 3 days (days of 24 hours) from 2026-06-01 09:00 on.",
        "以下所有规则同时触发时执行（Asia/Shanghai）。规则 1：每天 09:00。规则 2：自 2026-06-01 09:00 起，每 3 天（一天按 24 小时计）。",
    ),
    Said(
        {
            "trigger": "or",
            "allowed_hours": "08:00-20:00",
            "triggers": [
                {"trigger": "cron", "crontab": "0 9 * * 1-5", "calendar": "work"},
                {
                    "trigger": "and",
                    "triggers": [
                        {"trigger": "cron", "crontab": "*/15 * * * *"},
                        {"trigger": "interval", "minutes": 10, "start_date": "2026-06-01"},
                    ],
                },
                {"trigger": "date", "run_date": "2031-05-06T07:08"},
            ],
        },
        "Runs whenever any of these rules is due (Asia/Shanghai). It runs only from 08:00 to 20:00, the end excluded. Rule 1: at 09:00 on Monday to Friday. It runs only on working days of the calendar work. Rule 2: whenever all of these rules are due at once. Rule 2.1: every 15 minutes. Rule 2.2: every 10 minutes from 2026-06-01 00:00 on. Rule 3: once, at 2031-05-06 07:08.",
        "以下任一规则触发时执行（Asia/Shanghai）。仅在 08:00 至 20:00 执行，不含结束时刻。规则 1：每周一至周五 09:00。仅在日历“work”的工作日执行。规则 2：以下所有规则同时触发时。规则 2.1：每 15 分钟。规则 2.2：自 2026-06-01 00:00 起，每 10 分钟。规则 3：2031-05-06 07:08。",
    ),
]
