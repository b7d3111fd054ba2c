"""What is said of crontab expressions."""

from tests.words.tables.said import Said

CRONTABS = [
    Said(
        {"trigger": "cron", "crontab": "* * * * *"},
        "Runs every minute (Asia/Shanghai).",
        "每分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/15 * * * *"},
        "Runs every 15 minutes (Asia/Shanghai).",
        "每 15 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/15 9-17 * * *"},
        "Runs every 15 minutes from 09:00 to 17:45 every day (Asia/Shanghai).",
        "每天 09:00 至 17:45 每 15 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * 1-5"},
        "Runs at 09:00 on Monday to Friday (Asia/Shanghai).",
        "每周一至周五 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "30 9 * * 1"},
        "Runs at 09:30 on Monday (Asia/Shanghai).",
        "每周一 09:30 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 13 * 5"},
        "Runs at 00:00 on the 13th of the month or on Friday (Asia/Shanghai).",
        "每月 13 日或每周五 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 */2 * 1"},
        "Runs at 00:00 on the 1st, 3rd, 5th, 7th, 9th, 11th, 13th, 15th, 17th, 19th, 21st, 23rd, 25th, 27th, 29th and 31st of the month, if that is Monday (Asia/Shanghai).",
        "每月 1 日、3 日、5 日、7 日、9 日、11 日、13 日、15 日、17 日、19 日、21 日、23 日、25 日、27 日、29 日和 31 日（仅当该日为周一）00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 * * *"},
        "Runs at 00:00 every day (Asia/Shanghai).",
        "每天 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "5 * * * *"},
        "Runs at minute 5 of every hour (Asia/Shanghai).",
        "每小时的第 5 分钟执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 * * * *"},
        "Runs every hour (Asia/Shanghai).",
        "每小时执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "3,17,44 * * * *"},
        "Runs at minutes 3, 17 and 44 of every hour (Asia/Shanghai).",
        "每小时的第 3、17 和 44 分钟执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "3,17,44 9-17 * * *"},
        "Runs at minutes 3, 17 and 44 of the hours 9 to 17 every day (Asia/Shanghai).",
        "每天 9 至 17 时每小时的第 3、17 和 44 分钟执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/15 9-10,14 * * *"},
        "Runs every 15 minutes from 09:00 to 10:45 and from 14:00 to 14:45 every day (Asia/Shanghai).",
        "每天 09:00 至 10:45 和 14:00 至 14:45 每 15 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 22-3 * * *"},
        "Runs at 00:00, 01:00, 02:00, 03:00, 22:00 and 23:00 every day (Asia/Shanghai).",
        "每天 00:00、01:00、02:00、03:00、22:00 和 23:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 */4 * * *"},
        "Runs every 4 hours from 00:00 to 20:00 every day (Asia/Shanghai).",
        "每天 00:00 至 20:00 每 4 小时执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 L * *"},
        "Runs at 09:00 on the last day of the month (Asia/Shanghai).",
        "每月最后一天 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 LW * *"},
        "Runs at 09:00 on the last weekday (Monday to Friday) of the month (Asia/Shanghai).",
        "每月最后一个工作日（按周一至周五算）09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 15W * *"},
        "Runs at 09:00 on the weekday (Monday to Friday) nearest to the 15th of the month (Asia/Shanghai).",
        "每月离 15 日最近的工作日（按周一至周五算）09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 L-3 * *"},
        "Runs at 09:00 on the 4th-to-last day of the month (Asia/Shanghai).",
        "每月倒数第 4 天 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * 5#2"},
        "Runs at 09:00 on the 2nd Friday of the month (Asia/Shanghai).",
        "每月第 2 个周五 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * * friL"},
        "Runs at 09:00 on the last Friday of the month (Asia/Shanghai).",
        "每月最后一个周五 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 1,15,L * *"},
        "Runs at 09:00 on the 1st, 15th and last day of the month (Asia/Shanghai).",
        "每月 1 日、15 日和最后一天 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 1-7 1 *"},
        "Runs at 09:00 on the 1st to 7th of January (Asia/Shanghai).",
        "每年 1 月 1 日至 7 日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 1,15 1,3 *"},
        "Runs at 09:00 on the 1st and 15th of January and March (Asia/Shanghai).",
        "每年 1 月和 3 月每月 1 日和 15 日 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * nov-feb sat-mon"},
        "Runs at 09:00 on Saturday to Monday in November to February (Asia/Shanghai).",
        "每年 11 月至 2 月的每周六至周一 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 * 5 *"},
        "Runs at 09:00 every day in May (Asia/Shanghai).",
        "每年 5 月每天 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "H H * * *"},
        "Runs at 01:54 every day (Asia/Shanghai).",
        "每天 01:54 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "H/15 * * * *"},
        "Runs at minutes 9, 24, 39 and 54 of every hour (Asia/Shanghai).",
        "每小时的第 9、24、39 和 54 分钟执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/20 * * * * *"},
        "Runs every 20 seconds (Asia/Shanghai).",
        "每 20 秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "30 * * * * *"},
        "Runs at second 30 of every minute (Asia/Shanghai).",
        "每分钟的第 30 秒执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/10 * 9 * * *"},
        "Runs every 10 seconds from 09:00:00 to 09:59:50 every day (Asia/Shanghai).",
        "每天 09:00:00 至 09:59:50 每 10 秒执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0,20 3,5 */2 * * *"},
        "Runs at seconds 0 and 20 of minutes 3 and 5 of the hours 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 22 every day (Asia/Shanghai).",
        "每天 0、2、4、6、8、10、12、14、16、18、20 和 22 时每小时第 3 和 5 分钟的第 0 和 20 秒执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "@yearly"},
        "Runs at 00:00 on the 1st of January (Asia/Shanghai).",
        "每年 1 月 1 日 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "@hourly"},
        "Runs every hour (Asia/Shanghai).",
        "每小时执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "@weekly"},
        "Runs at 00:00 on Sunday (Asia/Shanghai).",
        "每周日 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 1 * 1,5#2"},
        "Runs at 09:00 on the 1st of the month or on Monday or on the 2nd Friday of the month (Asia/Shanghai).",
        "每月 1 日或每周一或每月第 2 个周五 09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "* 9,11,13,15,17 * * *"},
        "Runs every minute of the hours 9, 11, 13, 15 and 17 every day (Asia/Shanghai).",
        "每天 9、11、13、15 和 17 时每分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9-12,14-18 * * 1-5"},
        "Runs every hour from 09:00 to 12:00 and from 14:00 to 18:00 on Monday to Friday (Asia/Shanghai).",
        "每周一至周五 09:00 至 12:00 和 14:00 至 18:00 每小时执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/5 9 * 1 1"},
        "Runs every 5 minutes from 09:00 to 09:55 on Monday in January (Asia/Shanghai).",
        "每年 1 月的每周一 09:00 至 09:55 每 5 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "*/15 * * 1 *"},
        "Runs every 15 minutes in January (Asia/Shanghai).",
        "每年 1 月每 15 分钟执行一次（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 1-7 * *"},
        "Runs at 00:00 on the 1st to 7th of the month (Asia/Shanghai).",
        "每月 1 日至 7 日 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "30 9,12,15 * * 0,6"},
        "Runs at 09:30, 12:30 and 15:30 on Saturday and Sunday (Asia/Shanghai).",
        "每周六和周日 09:30、12:30 和 15:30 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 ? * 1#1,3L"},
        "Runs at 00:00 on the 1st Monday and last Wednesday of the month (Asia/Shanghai).",
        "每月第 1 个周一和最后一个周三 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 9 1W,LW 3-5 *"},
        "Runs at 09:00 on the last weekday (Monday to Friday) and weekday (Monday to Friday) nearest to the 1st of March to May (Asia/Shanghai).",
        "每年 3 月至 5 月每月最后一个工作日（按周一至周五算）和离 1 日最近的工作日（按周一至周五算）09:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 29 2 *"},
        "Runs at 00:00 on the 29th of February (Asia/Shanghai).",
        "每年 2 月 29 日 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "30 9 * * mon,wed-fri"},
        "Runs at 09:30 on Monday and Wednesday to Friday (Asia/Shanghai).",
        "每周一和周三至周五 09:30 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0 1 */3 *"},
        "Runs at 00:00 on the 1st of January, April, July and October (Asia/Shanghai).",
        "每年 1 月、4 月、7 月和 10 月每月 1 日 00:00 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "45 30 9 * * *"},
        "Runs at 09:30:45 every day (Asia/Shanghai).",
        "每天 09:30:45 执行（Asia/Shanghai）。",
    ),
    Said(
        {"trigger": "cron", "crontab": "0 0-6 1 1 *"},
        "Runs every hour from 00:00 to 06:00 on the 1st of January (Asia/Shanghai).",
        "每年 1 月 1 日 00:00 至 06:00 每小时执行一次（Asia/Shanghai）。",
    ),
]
