workspace tests/scenario/school
# Maya has read the welcome, and says yes to its text for a month: it leaves by itself, until she takes it back.
day 2026-11-23
10:00:00 till says money.paid email=ada@example.com payment_id=pay_1
expect ada@example.com effect welcome asks
10:01:00 maya approves welcome for ada@example.com
expect done welcome 1
10:02:00 maya trusts welcome in open_course for 30 days
10:03:00 till says money.paid email=bo@example.com payment_id=pay_2
expect bo@example.com effect welcome confirmed
expect done welcome 2
11:00:00 maya trusts welcome in open_course no more
11:01:00 till says money.paid email=cy@example.com payment_id=pay_3
expect cy@example.com effect welcome asks
expect done welcome 2
11:02:00 maya trusts welcome in open_course for 1 day
11:03:00 maya approves welcome for cy@example.com
expect done welcome 3
day 2026-11-24
11:03:01 till says money.paid email=di@example.com payment_id=pay_4
expect di@example.com effect welcome asks
