workspace tests/scenario/school
# For an hour the course platform says nothing, neither to the order nor to the question whether it was done. When it speaks
# again and says no, it is done, once, however often nobody answered before.
day 2026-11-23
course answers lost
10:00:00 till says money.paid email=jo@example.com payment_id=p1
10:59:00 nothing
expect done course.open 0
expect H-1 cause tool down
course answers well
11:10:00 nothing
expect done course.open 1
expect jo@example.com access = active
expect H-1 state resolved
expect H-2 absent
