workspace tests/scenario/school
# Six people pay while the course platform is down. One issue, nobody is lost, nobody is opened twice, and it goes on by itself.
day 2026-11-23
course answers down
10:00:00 till says money.paid email=a@example.com payment_id=pay_1
10:00:01 till says money.paid email=b@example.com payment_id=pay_2
10:00:02 till says money.paid email=c@example.com payment_id=pay_3
10:00:03 till says money.paid email=d@example.com payment_id=pay_4
10:00:04 till says money.paid email=e@example.com payment_id=pay_5
10:30:00 till says money.paid email=f@example.com payment_id=pay_6
expect done course.open 0
expect H-1 cause tool down
expect H-1 owner dan
expect H-1 severity urgent
expect H-2 absent
expect told dan 1
10:59:59 nothing
expect done course.open 0
expect automation open_course running 6
course answers well
11:10:00 nothing
expect done course.open 6
expect a@example.com access = active
expect f@example.com access = active
expect H-1 state resolved
expect H-2 absent
